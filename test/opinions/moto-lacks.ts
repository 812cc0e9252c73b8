/**
 * What moto 5.2.5 cannot do as AWS does it: part of the tests' full names, and why. Its missing row locks cost no test, as
 * it handles one call at a time here (serve_moto.py).
 */
export const motoLacks: readonly { readonly test: string; readonly reason: string }[] = [
  {
    test: "decrypts what its public half has encrypted",
    reason: "its KMS decrypts only what its own Encrypt produced, and nothing encrypted to the public key elsewhere",
  },
];
