// Property tests draw the same cases in every run; TELLEGEN_SEED=… draws others.
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env.TELLEGEN_SEED ?? 1952) });
