import type { RunRequest } from './interrupt.js';
export function run(request: RunRequest, stop: () => boolean): number {
  return stop() ? 1 : request.quiet ? 0 : 0;
}
