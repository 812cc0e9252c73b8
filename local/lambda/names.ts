/** `session` out of `…FunctionsSessionFunction3B637939…`, the form of CDK's logical ids; undefined if no function is named. */
export const functionName = (text: string): string | undefined =>
  /([A-Z][a-z]+)(?:Function|Live)[0-9A-F]{8}/u.exec(text)?.[1]?.toLowerCase();
