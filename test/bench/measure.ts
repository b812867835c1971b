// A child process and what it cost: CPU seconds by the shell's `time`, peak resident memory by the kernel's own mark.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';

export interface Usage {
  /** CPU seconds, user and system, of the whole process with all its threads. */
  readonly cpu: number;
  readonly wall: number;
  readonly peakBytes: number;
  readonly status: number | null;
  readonly timedOut: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Command {
  readonly words: readonly string[];
  readonly input?: string;
  /** Seconds until it is killed. */
  readonly patience: number;
}

/** The child tells its number on descriptor 3, becomes the command, and the shell adds the times. */
const METER = `TIMEFORMAT='%3U %3S %3R'
{ time { ( echo $BASHPID >&3; exec "$@" 2>&4 3>&- 4>&- ); }; } 4>&2 2>&3
exit $?`;
const POLL = 5;
/** Every node process would read these certificates, for 40 ms, and use none. */
const ENVIRONMENT = { ...process.env, NODE_EXTRA_CA_CERTS: undefined };

/** Runs a command to its end, or until patience is lost. Peak memory misses at most the growth of the last 5 ms. */
export function measure(command: Command): Promise<Usage> {
  return new Promise((resolve, reject) => {
    const shell = spawn('bash', ['-c', METER, 'bash', ...command.words], {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      env: ENVIRONMENT,
    });
    const stdout = collect(shell.stdout!);
    const stderr = collect(shell.stderr!);
    const meter = collect(shell.stdio[3] as Readable);
    let peakBytes = 0;
    let timedOut = false;
    const pid = () => Number(meter.text.split('\n', 1)[0]);
    const poll = setInterval(() => {
      peakBytes = Math.max(peakBytes, highWater(pid()));
    }, POLL);
    const limit = setTimeout(() => {
      timedOut = true;
      if (pid() > 0) process.kill(pid(), 'SIGKILL');
    }, command.patience * 1000);
    shell.stdin!.on('error', () => {});
    shell.stdin!.end(command.input ?? '');
    shell.on('error', reject);
    shell.on('close', (status) => {
      clearInterval(poll);
      clearTimeout(limit);
      const times = meter.text.trim().split('\n').at(-1)!.split(' ').map(Number);
      resolve({
        cpu: times[0] + times[1],
        wall: times[2],
        peakBytes,
        status,
        timedOut,
        stdout: stdout.text,
        stderr: stderr.text,
      });
    });
  });
}

function collect(stream: Readable): { text: string } {
  const kept = { text: '' };
  stream.setEncoding('utf8');
  stream.on('data', (piece: string) => {
    kept.text += piece;
  });
  return kept;
}

function highWater(pid: number): number {
  if (!(pid > 0)) return 0;
  try {
    const found = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return found ? Number(found[1]) * 1024 : 0;
  } catch {
    return 0;
  }
}
