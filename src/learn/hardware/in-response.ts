// What a rule takes of a chip for costs of AC responses: `adjoint` and `direct` read where it rests and reckon with the
// responses there, `differences` reads responses to sources of the amplitudes that stand on their cards.
import { centralSlope } from '../central.js';
import type { Sample } from '../problem.js';
import { byFrequency, isOfResponse } from '../response/cost.js';
import { responseAt } from '../response/respond.js';
import { ruleByName } from '../rules/registry.js';
import { settleByNewton } from '../settle.js';
import { blankBill, setUp } from './apparatus.js';
import { createWalk } from './drift.js';
import { ofKinds } from './kinds.js';
import { powerMeter } from './power.js';
import { converterOffsets, gains, measured, readOutOf } from './read-out.js';
import { SETTLED } from './settling.js';
import { STREAM } from './specimen.js';
import type { Stand, Taken } from './stand.js';

/** Phases of costs at rest end early and are hot; what an AC response is measured at has come to rest. */
const PATIENT = { free: 0, nudged: 0, thermal: 0 };

/** @throws LearningError where the rule does not speak of AC responses, SimulationError without an operating point */
export function inResponse(stand: Stand): Taken {
  const { problem, specimen, place, hardware, method, beta, random, workspace } = stand;
  if (method.rule === 'differences') return differences(stand);
  const patient = { ...hardware, ...PATIENT };
  const { settle, bill } = setUp(problem, specimen, place.rest!, patient, method, beta, random, workspace);
  const chip = ofKinds(place.chip, 'ac');
  const { gradient } = ruleByName(method.name).estimate(problem, chip, { force: true, settle, workspace });
  return { gradient, bill };
}

/** The cost of responses that are read at moved parameters, real and imaginary part as they come from a lock-in amplifier. */
function differences({ problem, place, hardware, method, random, workspace }: Stand): Taken {
  const chip = ofKinds(place.chip, 'ac');
  const { n } = chip.system;
  const rest = place.rest!;
  const bill = blankBill();
  const happenings = random.split(STREAM.responses).split(place.row);
  const offsets = converterOffsets(2 * n, random.split(STREAM.converters));
  const readOut = readOutOf(hardware);
  const walk = createWalk(hardware.drift);

  const costOf = (values: Float64Array): number => {
    const events = happenings.split(bill.phases);
    const isOlder = hardware.drift > 0 && bill.phases > 0;
    const { system, costs }: Sample = chip.at(isOlder ? walk(values, events.split(0)) : values);
    const { x, residual } = settleByNewton(system, problem.options, workspace, rest.exact);
    const response = responseAt(system, x, workspace);
    const watts = powerMeter(system)(x);
    let seconds = SETTLED * rest.tau;
    let cost = 0;
    byFrequency(costs.filter(isOfResponse)).forEach(({ frequency, costs: read }, k) => {
      response.moveTo(frequency);
      if (frequency > 0) seconds += 1 / frequency;
      const gain = gains(
        system,
        response.re.map((a, i) => Math.hypot(a, response.im[i])),
      );
      const noise = events.split(1).split(k);
      const re = measured(response.re, gain, readOut, offsets.subarray(0, n), noise.split(0));
      const im = measured(response.im, gain, readOut, offsets.subarray(n), noise.split(1));
      for (const { cost: one, factor } of read) cost += factor * one.value({ x, re, im }, frequency);
    });
    bill.phases++;
    bill.seconds += seconds;
    bill.joules += seconds * watts;
    bill.residual = Math.max(bill.residual, residual);
    return cost;
  };
  const here = costOf(chip.values);
  const { step = 0 } = method.options;
  const gradient = chip.values.map((value, p) =>
    centralSlope(problem.parameters[p], value, step, (moved) => costOf(chip.values.with(p, moved)), here),
  );
  return { gradient, bill };
}
