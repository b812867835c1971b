/** Milliseconds since some moment. `performance` tells them too, but node takes 2 ms to load it. */
export function clock(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return 1e3 * seconds + 1e-6 * nanoseconds;
}
