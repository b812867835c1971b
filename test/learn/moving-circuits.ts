// Circuits with costs over time that hold every kind of device between them: decks without title and `.end`.
export const circuits: Readonly<Record<string, string>> = {
  'a rectifier whose diode stores charge': `
    V1 in 0 SIN(0 2 1k)
    R1 in a 1k
    D1 a out dm
    D2 0 a dm
    C1 out 0 0.1u
    R2 out 0 10k
    .model dm d(is=1e-14 cjo=100p tt=10n rs=2)
    .tran 10u 1.5m
    .train R* C1 D1.is D1.cjo D1.rs D2.tt V1.freq
    .cost tran v(out) target=0.5 from=0.3m to=1.2m`,
  'a voltage-dependent capacitor and a flux of its own': `
    V1 in 0 SIN(0.2 1 1k)
    R1 in a 1k
    C1 a 0 Q={0.1u*x + 0.02u*x^3}
    R2 a b 500
    L1 b 0 flux={50m*tanh(x*300)}
    .tran 10u 2m
    .train R* V1.vo
    .cost tran v(a) target=0.1
    .cost tran expr={i(l1)} at=0.5m, 1.7m weight=100`,
  'a tunnel diode that rings': `
    Vb bias 0 PULSE(0.05 0.12 1n 1n 1n 6n 40n)
    R1 bias a 5
    L1 a d 10n
    D1 d 0 td1
    .model td1 TUNNEL(ip=4.7m vp=0.1 iv=0.37m vv=0.37 vpp=0.525 cjo=20p)
    .tran 0.1n 20n
    .train R1 L1 D1.ip D1.vp D1.cjo
    .cost tran expr={v(d)*i(l1)}`,
  'a pulse along FitzHugh-Nagumo cells': `
    Vk k 0 PULSE(0 2.5 1 0.1 0.1 5 1e6)
    Rk k v1 2
    N1 v1 w1 cell
    N2 v2 w2 cell
    N3 v3 w3 cell
    R1 v1 v2 2
    R2 v2 v3 2
    .model cell fhn(c=1 a=0.7 gamma=0.8 tau=12.5)
    .tran 0.1 20
    .train R* N1.g N2.gamma N3.c N3.a
    .cost tran v(v3) target=1 from=5 to=18.5`,
  'behavioural sources of voltages, currents and time': `
    V1 in 0 SIN(0 1 1k)
    R1 in a 1k
    B1 0 a I={1m*tanh(v(b)) + 0.1m*sin(6283*time)}
    C1 a 0 0.1u
    B2 b 0 V={0.5*v(a)^2 + 0.1}
    R2 b 0 100
    .tran 10u 2m
    .train R1 R2 C1
    .cost tran v(b) target=0.1
    .cost tran expr={i(b2)^2} weight=1e4`,
  'a switch that opens and closes': `
    V1 in 0 1
    Vc c 0 PULSE(0 1 0.2m 10u 10u 0.5m 2m)
    R1 in a 1k
    C1 a 0 0.2u
    S1 a b c 0 sw
    R2 b 0 300
    .model sw sw(vt=0.5 vh=0.1 ron=1 roff=1meg)
    .tran 10u 1.2m
    .train R* C1 V1
    .cost tran v(a) target=0.3`,
  'a switch that a sine throws': `
    V1 in 0 2
    R1 in a 1k
    C1 a 0 0.2u ic=0
    S1 b 0 z 0 sw
    R2 a b 300
    Vz z 0 SIN(0 1 1k)
    .model sw sw(vt=0.5 vh=0.1 ron=1 roff=1meg)
    .tran 10u 1.5m uic
    .train R* C1 V1
    .cost tran v(a) target=0.3`,
  'coupled inductors behind corners of a source': `
    V1 in 0 PULSE(0 1 0.1m 1u 1u 0.4m 1m)
    R1 in a 50
    L1 a 0 10m
    L2 b 0 20m
    K1 L1 L2 0.8
    R2 b c 100
    C1 c 0 1u
    .tran 5u 1.6m
    .train R* L* K1 C1 V1.v2 V1.v1
    .cost tran v(c) target=0.1
    .cost tran expr={i(l1)*i(l2)} weight=100`,
  'a divider of capacitors that a moving source drives from the first instant': `
    V1 in 0 SIN(0.3 1 2k)
    C1 in a 0.1u
    Vs a b 0
    C2 b 0 0.05u
    R1 b 0 2k
    R3 in d 1k
    L1 d 0 50m
    D1 b 0 dm
    .model dm d(is=1e-12 cjo=1n)
    .tran 5u 0.6m uic
    .train R* C* L1 V1.vo V1.va V1.freq
    .cost tran v(b) target=0.1
    .cost tran expr={i(vs)^2} weight=1e3 at=0.1m
    .cost tran expr={i(vs)^2 + v(d)*i(l1)} weight=1e4`,
  'charges that begin with uic': `
    V1 in 0 1
    R1 in a 1k
    C1 a 0 0.1u ic=0.3
    L1 a b 1m ic=1m
    R2 b 0 100
    D1 b 0 dm
    .model dm d(is=1e-12 cjo=1n)
    .tran 10u 1m uic
    .train R* C1 C1.ic L1 L1.ic V1
    .cost tran v(b) target=0.3`,
  'a node that .ic holds': `
    V1 in 0 1
    R1 in a 1k
    C1 a 0 0.1u
    R3 a c 300
    D1 c 0 dm
    C2 a c 20n
    .model dm d(is=1e-12 cjo=1n)
    .ic v(a)=0.9
    .tran 10u 1m
    .train R* C* V1
    .cost tran v(c) target=0.3`,
  'an operating point from which a step begins': `
    V1 in 0 PULSE(0.7 1.4 0.1m 10u 10u 10 20)
    R1 in a 1k
    D1 a 0 dm
    C1 a 0 10n
    R2 a 0 5k
    .model dm d(is=1e-12 cjo=1n tt=1u)
    .tran 10u 0.5m
    .train R* C1 D1.is V1.v1 V1.v2
    .cost tran v(a) target=0.5 to=0.2m
    .cost tran v(a) target=0.5 at=0, 0.05m, 0.5m`,
  'a mismatched line between a source and a capacitor': `
    V1 in 0 PULSE(0.1 1 1n 0.2n 0.2n 5n 30n)
    R1 in a 20
    T1 a 0 b 0 z0=50 td=2n
    R2 b 0 200
    C2 b 0 1p
    .tran 0.1n 25n
    .train R* C2 V1.v1 V1.v2 T1.z0 T1.td
    .cost tran v(b) target=0.3
    .cost tran v(a) target=0.3 at=3n, 12.3n`,
  'two lines with a diode between them, after uic': `
    V1 in 0 SIN(0 2 100meg)
    R1 in a 30
    T1 a 0 b 0 z0=50 td=1.3n ic=0.1,0,0,0
    D1 b 0 dm
    R3 b 0 1k
    T2 b 0 c 0 z0=75 td=0.7n
    R2 c 0 150
    .model dm d(is=1e-12 cjo=1p)
    .tran 0.1n 15n uic
    .train R* D1.is D1.cjo V1.va
    .cost tran v(c) target=0.3`,
  'two lines of other lengths with a diode between them, from rest': `
    V1 in 0 SIN(0.4 1 100meg)
    R1 in a 30
    T1 a 0 b 0 z0=50 td=1.3n
    D1 b 0 dm
    R3 b 0 1k
    T2 b 0 c 0 z0=75 f=400meg nl=0.3
    R2 c 0 150
    .model dm d(is=1e-12 cjo=1p)
    .tran 0.1n 12n
    .train R* D1.is T1.td T2.f T2.nl
    .cost tran v(c) target=0.3
    .cost tran v(a) target=0.3 at=4n, 9.1n weight=1n`,
  'controlled sources of every kind between charges': `
    V1 in 0 SIN(0.4 0.5 1k)
    Vs in a 0
    R1 a b 1k
    C1 b 0 0.1u
    E1 c 0 b 0 1.5
    R2 c d 500
    C2 d 0 0.2u
    G1 d 0 b 0 0.4m
    F1 d 0 Vs 0.3
    H1 e 0 Vs 200
    R3 e f 1k
    L1 f 0 50m
    I1 0 d DC 0.2m PULSE(0.2m 0.5m 0.3m 20u 20u 0.4m 2m)
    E2 g 0 VALUE={0.3*v(d)*v(b)+0.1*v(f)}
    R4 g h 2k
    C3 h 0 50n
    G2 h 0 VALUE={1m*v(h)^3}
    D1 d 0 dm
    .model dm d(is=1e-9 cjo=1n)
    .tran 10u 1.4m
    .train R* C* L1 E1.gain G1.gain F1.gain H1.gain I1.v2 V1.vo D1.is
    .cost tran v(h) target=0.1
    .cost tran expr={i(l1)*v(d)} weight=100`,
  'a gyrator, a transformer and a switch that a current closes': `
    V1 in 0 SIN(0 1 1k)
    Vs in a 0
    R1 a b 500
    C1 b 0 0.2u
    Y1 b 0 c 0 gy
    C2 c 0 0.3u
    R2 c 0 2k
    Y2 b 0 d 0 tr
    R3 d e 1k
    C3 e 0 0.1u
    W1 e f Vs sc
    R4 f 0 400
    .model gy gyrator(g=1m)
    .model tr transformer(n=1.5)
    .model sc csw(it=0.3m ih=0.05m ron=5 roff=1meg)
    .tran 10u 1.4m
    .train R* C* Y1.g Y2.n V1.va
    .cost tran v(e) target=0.1
    .cost tran expr={v(c)^2}`,
};

/** The same for methods that step charges alone. */
export const explicitCircuits: Readonly<Record<string, string>> = {
  'a resonator that a sine drives, from rest': `
    V1 in 0 SIN(0.2 1 1k)
    R1 in b 3k
    L1 in b 10m
    C1 b 0 1u
    R2 b 0 2k
    .tran 10u 1.2m 0 0.3m
    .train R* C1 L1 V1.vo V1.va V1.freq
    .cost tran v(b) target=0.1
    .cost tran expr={i(l1)*v(b)} weight=100
    .cost tran expr={v(b)^2} at=0, 0.77m, 1.2m`,
  'a pulse with corners and one that jumps': `
    V1 in 0 PULSE(0.1 1 0.1m 20u 30u 0.3m 1m)
    V2 d 0 PWL(0 0 0.5m 0 0.50000000000001m 0.4 1m 0.2)
    R1 in a 1k
    C1 a 0 0.1u
    C2 a d 0.05u
    R2 a 0 5k
    .tran 10u 1.2m
    .train R* C* V1.v1 V1.v2
    .cost tran v(a) target=0.3
    .cost tran expr={v(a)} at=0.1m, 0.5m, 1.03m weight=0.1`,
  'diodes that store charge and a capacitor whose charge is an expression': `
    V1 in 0 SIN(0.3 1 1k)
    R1 in a 1k
    D1 a b dm
    C1 b 0 Q={0.1u*x + 0.02u*x^3}
    C2 a 0 0.05u
    R2 b 0 10k
    .model dm d(is=1e-9 cjo=20n tt=1u rs=0)
    .tran 10u 1m 0 0.2m
    .train R* C2 D1.is D1.cjo D1.tt V1.va
    .cost tran v(b) target=0.2 from=0.3m to=0.8m
    .cost tran expr={v(a)*v(b)}`,
  'behavioural sources of voltages, currents and time': `
    V1 in 0 SIN(0 1 1k)
    R1 in a 1k
    B1 0 a I={0.5m*tanh(v(b)) + 0.1m*sin(6283*time)}
    C1 a 0 0.1u
    L1 a b 100m
    B2 b 0 I={i(l1)*0.5 + 1m*v(b)^3}
    C2 b 0 0.2u
    .tran 10u 1.2m 0 0.3m
    .train R1 C* L1
    .cost tran v(b) target=0.1
    .cost tran expr={i(l1)^2} weight=1e4`,
  'charges that begin with uic': `
    V1 in 0 SIN(0.5 0.5 2k)
    R1 in a 1k
    C1 a 0 0.1u ic=0.3
    C2 in a 20n
    L1 a b 50m ic=1m
    R2 b 0 100
    C3 b 0 0.2u
    D1 b 0 dm
    .model dm d(is=1e-12 cjo=10n)
    .tran 10u 0.6m 0 0.1m uic
    .train R* C* C1.ic L1 L1.ic V1.vo
    .cost tran v(b) target=0.3`,
  'a node that .ic holds': `
    V1 in 0 1
    R1 in a 1k
    C1 a 0 0.1u
    R3 a c 300
    D1 c 0 dm
    C2 a c 20n
    .model dm d(is=1e-12 cjo=10n)
    .ic v(a)=0.9
    .tran 10u 0.6m 0 0.1m
    .train R* C* V1
    .cost tran v(c) target=0.3`,
  'a pulse along FitzHugh-Nagumo cells': `
    Vk k 0 PULSE(0 2.5 1 0.1 0.1 5 1e6)
    Rk k v1 2
    N1 v1 w1 cell
    N2 v2 w2 cell
    R1 v1 v2 2
    .model cell fhn(c=1 a=0.7 gamma=0.8 tau=12.5)
    .tran 0.1 20 0 2
    .train R* N1.g N2.gamma N2.c
    .cost tran v(v2) target=1 from=5 to=18.5`,
};
