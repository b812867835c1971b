export function check(deck: string, param: readonly string[]): number {
  return deck && param ? 0 : 1;
}
