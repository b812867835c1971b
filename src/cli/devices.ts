export function devices(name?: string): number { return name ? 0 : 0; }
