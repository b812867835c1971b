// Circuits whose switches the state throws, without title and `.end`.

/** What a run of every kind has behind an instant that moves. */
export const thrown: Readonly<Record<string, string>> = {
  'a switch that its own capacitor closes': `
    V1 in 0 1
    R1 in out 1k
    C1 out 0 1u ic=0
    S1 out g out 0 sm
    Rg g 0 100
    .model sm sw(vt=0.5 vh=0.2 ron=1 roff=1g)
    .tran 10u 3m uic
    .train R1 C1 Rg V1
    .cost tran expr={v(out)}`,
  'a relaxation oscillator under a sine, read in part and at instants': `
    V1 in 0 SIN(1 0.2 1.3k)
    R1 in out 1k
    C1 out 0 1u ic=0
    S1 out g out 0 sm
    Rg g 0 100
    .model sm sw(vt=0.45 vh=0.2 ron=1 roff=1meg)
    .tran 10u 3m uic
    .train R1 C1 Rg V1.vo V1.va V1.freq
    .cost tran v(out) target=0.3 from=0.2m to=2.9m
    .cost tran v(out) target=0.5 at=0.3m,1.37m,2.2m weight=1m
    .cost tran expr={v(out)*sin(3000*time)}`,
  'two switches between charges and flux, behind corners of a pulse': `
    V1 in 0 PULSE(0 2 0.1m 5u 5u 0.7m 1m)
    R1 in a 300
    C1 a 0 0.3u
    D1 a b dm
    .model dm d(is=1e-12 cjo=10n tt=50n)
    R2 b 0 900
    S1 a c b 0 s1
    L1 c d 20m
    R3 d 0 200
    C2 d 0 0.1u
    W1 d e V2 s2
    V2 f 0 0
    R5 a f 5k
    R4 e 0 150
    .model s1 sw(vt=0.35 vh=0.1 ron=5 roff=1meg)
    .model s2 csw(it=0.2m ih=0.05m ron=5 roff=100k)
    .tran 10u 2.3m
    .train R* C* L1 V1.v2 D1.is
    .cost tran v(d) target=0.1
    .cost tran expr={i(l1)*v(a)} weight=10
    .cost tran expr={v(in)*v(b)} from=0.3m to=2m`,
  'currents, voltages and charges that laws of time drive past two switches': `
    .param size=1
    B1 0 out I={size*(1m+0.2m*sin(8168*time))}
    C1 out 0 1u ic=0
    R1 out 0 1k
    S1 out g out 0 s1
    Rg g 0 100
    B2 a 0 V={v(out)*(1+0.1*cos(5000*time))}
    R2 a b 2k
    C2 b 0 Q={30n*x*(1+0.3*sin(9000*time))+5n*x^2}
    S2 b c a 0 s2
    R3 c 0 1k
    .model s1 sw(vt=0.5 vh=0.2 ron=1 roff=1g)
    .model s2 sw(vt=0.45 vh=0.15 ron=10 roff=1meg)
    .tran 10u 3m uic
    .train R* C1 Rg
    .cost tran v(out) target=0.3
    .cost tran expr={v(b)*i(b2)*cos(4000*time)} weight=100
    .cost tran v(b) target=0.2 at=0.6m,1.9m weight=1m`,
  'a divider of capacitors that a moving source drives through a switch': `
    V1 in 0 SIN(0.3 1 2k)
    C1 in a 0.1u
    R1 a 0 20k
    C2 a b 0.05u
    S1 b 0 a in sm
    R2 b 0 5k
    .model sm sw(vt=-0.4 vh=0.2 ron=100 roff=1meg)
    .tran 5u 1.3m
    .train R* C* V1.va
    .cost tran expr={v(b)^2}
    .cost tran expr={v(in)*v(a)}`,
};
