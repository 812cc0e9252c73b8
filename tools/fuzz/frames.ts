import fc from "fast-check";
import { jsonText, mutated, nastyText } from "./texts.ts";

const MESSAGES = [
  "CheckBuild",
  "AppChallenge",
  "AppLogin",
  "PbxInfo",
  "KeepAlive",
  "AppInfo",
  "PushNotifyPost",
  "PushNotifyPostResult",
  "AppLoginResult",
] as const;
const MEMBERS = [
  "mt",
  "api",
  "src",
  "url",
  "app",
  "domain",
  "sip",
  "guid",
  "dn",
  "digest",
  "info",
  "pbxObj",
  "key",
  "pbx",
  "pbxDns",
  "apis",
  "version",
  "build",
  "token",
  "type",
  "__proto__",
  "constructor",
  "id",
  "err",
] as const;

const IOS_TOKEN = `ios-call:${"ab".repeat(32)}`;
const TOKENS = [
  IOS_TOKEN,
  `ios:${"cd".repeat(32)}`,
  "android:instance:APA91bExampleToken",
  "ab".repeat(32),
  "instance:APA91bExampleToken",
  "nobody:abc",
  "ios-call:",
  ":",
  `ios-call:${"AB".repeat(200)}`,
  `ios-call:${"ab".repeat(201)}`,
  `android:${"x".repeat(8_193)}`,
  "",
] as const;

/** Frames as PBXes send them, and some that once caused failures: the seeds of the mutations. */
const CORPUS: readonly string[] = [
  '{"mt":"CheckBuild","url":"https://push.example.com/push/ws"}',
  '{"mt":"AppChallenge"}',
  '{"mt":"AppLogin","sip":"push","guid":"13192b","dn":"Push","digest":"909a","domain":"pbx.example.com/master","app":"ws","info":{"appobj":"push","unlicensed":true}}',
  '{"mt":"PbxInfo","domain":"pbx.example.com","pbx":"master","pbxDns":"pbx.example.com","apis":[],"version":"16r1","build":"1"}',
  '{"mt":"KeepAlive"}',
  '{"mt":"AppInfo","app":"push","src":"7"}',
  `{"mt":"PushNotifyPost","src":"5","token":"${IOS_TOKEN}","type":"call","data":"\\/\\u00fc\u2028","n":1.0,"2":1,"1":2}`,
  `{"mt":"PushNotifyPost","src":{"a":[1]},"token":"${IOS_TOKEN}","type":"notification"}`,
  "[]",
  "null",
  "5",
  "text",
  "",
  "{",
  '{"mt":5}',
  '{"mt":{"mt":"AppLogin"}}',
  '{"src":"1"}',
  '{"mt":"KeepAlive","mt":"PushNotifyPost"}',
];

const member = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(fc.constantFrom(...MEMBERS), jsonText) },
  {
    weight: 2,
    arbitrary: fc.tuple(
      fc.constant("token"),
      fc.constantFrom(...TOKENS).map((token) => JSON.stringify(token)),
    ),
  },
  { weight: 1, arbitrary: fc.tuple(fc.constant("type"), fc.constantFrom('"call"', '"notification"', '"Call"', "1")) },
  { weight: 1, arbitrary: fc.tuple(nastyText, jsonText) },
);

/** An object composed as text, so that names may repeat and whitespace may be anywhere. */
const structured = fc
  .tuple(
    fc.constantFrom(...MESSAGES),
    fc.array(member, { maxLength: 8 }),
    fc.constantFrom("", " ", "\t\r\n "),
    fc.boolean(),
  )
  .map(([mt, members, space, last]) => {
    const own = ["mt", JSON.stringify(mt)] as const;
    const all = last ? [...members, own] : [own, ...members];
    const texts = all.map(([name, value]) => `${space}${JSON.stringify(name)}${space}:${space}${value}${space}`);
    return `${space}{${texts.join(",")}}${space}`;
  });

/** A valid post, except for arbitrary members. */
const nearlyPost = fc.tuple(fc.constantFrom(...TOKENS), fc.array(member, { maxLength: 3 })).map(([token, members]) => {
  const texts = members.map(([name, value]) => `${JSON.stringify(name)}:${value}`);
  return `{${['"mt":"PushNotifyPost"', `"token":${JSON.stringify(token)}`, ...texts].join(",")}}`;
});

export const frameText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: structured },
  { weight: 3, arbitrary: nearlyPost },
  { weight: 3, arbitrary: mutated(fc.constantFrom(...CORPUS)) },
  { weight: 1, arbitrary: mutated(structured) },
  { weight: 1, arbitrary: fc.constantFrom(...CORPUS) },
  { weight: 1, arbitrary: nastyText },
);
