import type { Language } from "../../core/shared/language.ts";
import { notices } from "./notices.en.ts";
import { owner } from "./owner.en.ts";

/** English. Other languages have the same shape. */
export const en = {
  language: "en" as Language,
  /** What the language calls itself. */
  name: "English",
  /** How times are written. */
  locale: "en-GB",
  service: "Push service",
  /** At the foot of every page. */
  foot: {
    about: "About this service",
    contact: "Contact",
    status: "Status",
    help: "Help",
    privacy: "Privacy",
    otherLanguages: "Other languages",
  },

  connect: {
    title: "Connect your PBX",
    lead: "Register the System Name of your PBX once. You get the URL and the password for its Push object.",
    domain: "System Name of the PBX",
    domainHint: "Its domain name, for example pbx.example.com",
    email: "Your email address",
    emailHint: "We'll email you a link to confirm it's you.",
    submit: "Connect",
    noScript:
      "This window needs JavaScript: it waits while you read your email. Turn JavaScript on and reload the page.",
    requestName: "Request {reference} for {domain}. Its email has {reference} in the subject.",
    /** Of the window, so that two can be told apart. */
    windowTitle: "{reference} {domain}",
    waitingTitle: "Check your email",
    waitingSteps: [
      "Open the email we sent to {email}.",
      "Click the link and enter this code:",
      "Come back here. Keep this window open.",
    ],
    code: "Your code",
    waitingStatus: "Waiting for your confirmation …",
    offline: "No connection right now. Retrying …",
    emailLater:
      "You have requested several emails to this address within an hour. We'll send this one at {time}, if nothing listed below stands in the way. Keep this window open.",
    tryAgain: "You have requested too many emails to this address. Start again after {time}.",
    timeLeft: "The link and code expire in {time}.",
    silence: "No email after a few minutes?",
    silenceReasons: [
      "Check your spam folder, and check the address above for typos.",
      "The domain may already be registered with a different address. Ask your colleagues or your installer. If ownership of the domain has not been proved, an address at the domain itself, or at a name above it, can still register it.",
      "The operator of this service may have set up the domain, or a PBX under its name. In that case we send no email: ask the operator for the password.",
      "Too many emails may have been sent in the last hour. Try again later.",
      "An email to this address may have bounced, or its reader reported one as spam. After a bounce we send none for 7 days. Use a different address, or ask the operator of this service to allow it.",
    ],
    silenceWhy: "For security, we can't tell you which of these applies.",
    resend: "Send the email again",
    resent: "We've asked for the email again. It can take a minute.",
    restart: "Start again",
    manage: "Already registered? Manage your domain",
    doneTitle: "Connect succeeded",
    doneLead: "is registered. Copy these into the Push object of your PBX.",
    url: "URL",
    otherUrl: "If the Push object stays offline, enter {url} instead.",
    password: "Password",
    copy: "Copy",
    copied: "Copied",
    copyBoth: "Copy both",
    copyFailed: "Not allowed: select and copy it",
    nextTitle: "Next steps",
    stepObject: "Open the Push object of your PBX, enter the URL and the password, and click OK.",
    /** `{link}`: `roots`. */
    stepTrust:
      "Upload {link} to the trust list (General/Certificates) of the master and of every slave and standby PBX. Each of them connects to this service by itself, with the same object.",
    roots: "the root certificates",
    stepTrustOther: {
      other:
        "Make sure that the master and every slave and standby PBX trust the authority that issued this service's certificate. The operator of this service can tell you which one it is.",
      none: "There is no certificate to trust: this service runs without TLS, on one machine.",
    },
    stepUsers: "For each user to be woken, enter the Push object's name in the Push field.",
    onceHint: "If you reload this window within 15 minutes of confirming, it shows the password again.",
    finish: "I have copied both",
    finishedTitle: "All set",
    finishedText:
      "The password is no longer shown. For an hour this window shows here what arrives from your PBX. You can close it.",
    ticks: {
      registered: "Domain registered",
      copied: "URL and password copied",
      connected: "PBX connected",
      accepted: "First push accepted",
    },
    tickDone: "done",
    tickOpen: "waiting",
    postsOff: "This service keeps no list of pushes, so this window cannot show whether one was accepted.",
    unconnected: "Is your PBX still not connected? Check the URL and the password in its Push object.",
    /** `{link}`: `roots`. */
    unconnectedTrust: "And check that its trust list contains {link}.",
    hourOver:
      "The hour is over: this window no longer follows your PBX. What you see here may be out of date; your domain's page shows the current state.",
    toOwner: "Open your domain's page",
    /** What became of a push, by the error that the PBX got; `other` for any that is not here. */
    outcomes: {
      accepted: "accepted",
      UnknownApp: "rejected: the token names no app of this service",
      Malformed: "rejected: the PBX's message has the wrong format",
      Uninstalled: "failed: the app was removed from the phone",
      GcmNotRegistered: "failed: the app was removed from the phone",
      ApnInvalidToken: "rejected: not an iPhone token",
      GcmInvalidReg: "rejected: not an Android token",
      DatabaseErr: "failed: this service could not read its data",
      ApnError: "failed: no answer from the push services",
      ApnServiceDown: "failed: Apple is not accepting pushes for this app right now",
      ApnPayloadSize: "rejected: the message is too large",
      ApnProcessingErr: "rejected: too many pushes at once, or Apple refused the message",
      GcmServerError: "failed: no answer from the push services",
      GcmAuthentication: "failed: Google is not accepting pushes for this app right now",
      GcmMessageTooBig: "rejected: the message is too large",
      GcmDeviceRate: "rejected: too many pushes at once",
      GcmBadRequest: "rejected: Google refused the message",
      other: "failed: {outcome}",
    },
    shownText:
      "The domain is registered, but this window no longer shows its password: more than 15 minutes have passed, or the password has been replaced. To see the current one, start again with the same address.",
    expiredTitle: "This registration has expired",
    expired: {
      time: "The link and code were not used in time. You can start again.",
      codes: "The wrong code was entered too often. You can start again, and enter the code of the new window.",
      ended: "It was cancelled, in this window or in a copy of it. You can start again.",
    },
    takenTitle: "This domain is taken",
    takenText:
      "While you were confirming, someone else registered this domain, or the operator of this service set it up. Ask your colleagues or your installer. If you control the domain's DNS, you can recover it.",
    lostTitle: "This password is no longer valid",
    lostText:
      "The domain was registered, but the password that this window showed has since ended: it was replaced, or the registration was deleted or passed to someone else. To connect a PBX, start again.",
    failed: "Something went wrong. Try again in a moment.",
  },

  verify: {
    title: "Confirm your domain",
    asked: "Someone asked to connect this PBX:",
    domain: "Domain",
    request: "Request",
    when: "Requested",
    from: "From address",
    effectNew:
      "Confirming shows the domain's password in the window with the code. From then on, the domain belongs to your email address.",
    warning:
      "Enter only the code that your own Connect window shows. Never enter a code that someone else gave you: they would get the password of your domain.",
    code: "Code from your Connect window",
    confirm: "Confirm",
    registered: "This domain is already registered with your address. Choose one:",
    joinTitle: "Connect with the current password",
    joinText: "For another PBX, or if you have lost the password. Nothing changes for connected PBXes.",
    join: "Show the current password",
    replaceTitle: "Replace the password",
    replaceText:
      "You get a new password. PBXes that use the current one keep working for 7 days, so you have time to enter the new one everywhere.",
    replace: "Replace password",
    noCode: "Enter the six digits that your Connect window shows.",
    wrong: "That code is not correct. {left} attempts left.",
    wrongLast: "That code is not correct. One attempt left.",
    otherNewer:
      "That is the code of a newer request, {of}. This email is for request {reference}: open the email with {of} in its subject instead.",
    otherOlder:
      "That is the code of an older request, {of}. This email is for request {reference}: enter the code from the window that shows {reference}.",
    confirmedTitle: "Confirmed",
    confirmedText: "{domain} is confirmed. Your Connect window shows the URL and the password for 15 minutes.",
    confirmedReplaced: "A new password has been issued. PBXes that use the old one keep working for 7 days.",
    confirmedClose: "You can close this page.",
    overTitle: "This link is no longer valid",
    overText:
      "It has already been used, has expired, the wrong code was entered too often, or the domain has been registered with a different address. Start again in your Connect window.",
    overNewer: "There is a newer request for this domain, {newer}: open the email with {newer} in its subject.",
    again: "Open the Connect window",
  },

  problem: {
    title: "Something went wrong",
    home: "Open the Connect window",
    notFound: "Page not found.",
    method: "This address accepts only {methods}.",
    unavailable: "Something went wrong on our side. Try again in a moment.",
    contentType: "The content type must be {type}.",
    tooLarge: "The request is too large.",
    malformed: "The body must be {domain, email}, both strings.",
    ticket: "Unknown ticket.",
    limited: "Too many requests from your network. Try again in {minutes} min.",
    foreign: "This form did not come from our own page. Open the page again and retry.",
    busy: "This domain is being changed too often right now. Try again in a moment.",
    domain: {
      empty: "Enter the System Name of your PBX.",
      "too-long": "A domain name can have at most 253 characters.",
      slash: "Enter only the System Name, without the slash and what follows it.",
      "one-label": "Enter a full domain name, such as pbx.example.com. The operator sets up other names.",
      "bad-label": "Enter a valid domain name: letters, digits and hyphens, separated by dots.",
      nobodys:
        "Nobody can own a name like this in the public DNS, so it cannot be registered by email. Ask the operator of this service to set it up.",
      suffix:
        "Others register names of their own under this one, so it cannot be registered by email. Enter the full name of your PBX, or ask the operator of this service to set it up.",
      address: "An IP address cannot be registered. Enter a domain name, such as pbx.example.com.",
    },
    email: {
      empty: "Enter your email address.",
      "too-long": "An email address can have at most 254 characters.",
      "bad-address": "Enter a valid email address.",
    },
  },

  status: {
    title: "Status",
    up: "Everything is working.",
    degraded: "Some parts of the service have problems. We are looking into it.",
    down: "Some parts of the service are not working. We are working on it.",
    states: { up: "Working", degraded: "Problems", down: "Not working" },
    components: {
      pushes: {
        name: "Pushes",
        up: "Pushes are going through.",
        degraded: "Some pushes may be late or fail.",
        down: "Pushes are not going through.",
        share: "{percent} % of pushes went through in the last 24 hours",
      },
      connections: {
        name: "Connections",
        up: "PBXes can connect and log in.",
        degraded: "Some PBXes may be unable to connect or log in.",
        down: "PBXes cannot connect or log in.",
        share: "{percent} % of logins with the right password succeeded in the last 24 hours",
      },
      registration: {
        name: "Registration",
        up: "Domains can be registered and managed.",
        degraded: "Registering a domain, or opening its page, may fail. Connected PBXes are not affected.",
        down: "Domains cannot be registered or managed. Connected PBXes are not affected.",
        share: "{percent} % of page requests were answered in the last 24 hours",
      },
      email: {
        name: "Email",
        up: "Emails are being sent without delay.",
        degraded: "Emails with links may be late.",
        down: "No emails are being sent.",
        share: "{percent} % of attempts to send an email succeeded in the last 24 hours",
      },
    },
    chart: "{component}: the last 24 hours in bars of half an hour",
    noData: "too little data",
    slot: "{from}: {what}",
    worked: "{percent} % worked",
    troubleTitle: "Half hours with failures",
    trouble: "{from}: {what}",
    now: "now",
    legendTitle: "Reading the bars",
    legend: {
      good: "99 % or more worked",
      poor: "50 to 99 % worked",
      bad: "less than 50 % worked",
      none: "too little data to say",
    },
    how: "Each bar is half an hour. About once a minute a test PBX connects and wakes a test phone the way your phones are woken; that counts here, and so do your own pushes, logins, page requests and emails. The bars are updated every five minutes.",
    checked: "Last checked {when}. This page refreshes every minute.",
    machine: "For programs",
  },

  owner,
  notices,

  mail: {
    subject: "Confirm {domain} (request {reference})",
    greeting: "Hello,",
    asked: "Someone asked to connect the PBX {domain} to the push service on {when}, from the address {source}.",
    action: "If that was you, open this page and enter the code shown in the Connect window for request {reference}:",
    button: "Confirm domain",
    life: "The link expires in 30 minutes.",
    ignore: "If it wasn't you, ignore this email and nothing changes. Never enter a code that someone else gave you.",
  },
};

/** A text that another language lacks fails tsc. */
export type Texts = typeof en;
