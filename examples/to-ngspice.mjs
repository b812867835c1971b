// A circuit of elements that ngspice lacks, written as a deck that ngspice runs: a tunnel diode that oscillates.
//     node examples/to-ngspice.mjs > oscillator.cir && ngspice -b oscillator.cir
import { createCircuit, writeDeck } from 'tellegen';

const circuit = createCircuit('tunnel diode oscillator')
  .add('Vb', 'bias 0', { pulse: [0, 0.22, 1e-9, 1e-9, 1e-9, 1, 2] })
  .add('R1', 'bias a', 5)
  .add('L1', 'a d', 1e-6)
  .add('D1', 'd 0', { model: 'td' })
  .model('td', 'tunnel', { ip: 4.7e-3, vp: 0.1, iv: 0.37e-3, vv: 0.37, vpp: 0.525, cjo: 20e-12 })
  .build();

process.stdout.write(writeDeck(circuit, { cards: ['.tran 0.1n 100n', '.print tran v(d)'] }));
