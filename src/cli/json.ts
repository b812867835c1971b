// JSON for programs: a number that has none, infinite or not a number, is null.

export const jsonText = (value: object): string =>
  `${JSON.stringify(value, (_, v: unknown) => (typeof v === 'number' && !Number.isFinite(v) ? null : v), 2)}\n`;
