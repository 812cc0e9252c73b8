import { invalidParameter } from "../api/errors.ts";
import { isApple, type SnsPlatform } from "../types.ts";

/** As SNS stores it: iOS tokens are returned in lower case. */
export const normaliseToken = (platform: SnsPlatform, token: string): string =>
  isApple(platform) ? token.toLowerCase() : token;

/** Checks the format of a token as CreatePlatformEndpoint does; the vendor may still refuse it later. */
export function checkToken(platform: SnsPlatform, token: string): void {
  const bad = (reason: string) => invalidParameter(`Token Reason: ${reason}`);
  if (token === "") throw bad("cannot be empty");
  if (isApple(platform)) {
    if (!/^[\da-f]{64,400}$/iu.test(token))
      throw bad("iOS device tokens must be no more than 400 hexadecimal characters");
    return;
  }
  if (Buffer.byteLength(token) > 8192) throw bad("must be at most 8192 bytes long in UTF-8 encoding");
  if (!/^[\x21-\x7e]+$/u.test(token)) throw bad("must contain printable characters only");
}
