/**
 * What moto 5.2.5 cannot do as AWS does it: a part of tests' full names, and why. That it has no row locks costs no test, as
 * it takes one call at a time here (serve_moto.py).
 */
export const motoLacks: readonly { readonly test: string; readonly reason: string }[] = [
  {
    test: "opens what its public half has encrypted",
    reason: "its KMS opens what its own Encrypt made and nothing that was encrypted to the public key elsewhere",
  },
];
