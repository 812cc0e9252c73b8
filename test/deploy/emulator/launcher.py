"""Starts ministack with additions that our stacks need, and reports each use of them.

Every deviation from the unmodified emulator is noted by name in the file REPORT (JSON lines {kind, name, at}), once
per resource it was used for:
  added   taught to it here: what CloudFormation or IAM lack there is handed to functions it has
  stubbed nothing is created; the stack only gets an id and an ARN
  assumed a fact of the real service that cannot be had on loopback
The emulator ends with its parent: when stdin closes, the whole process group goes.
"""

import json
import os
import signal
import sys
import threading
from email.utils import parseaddr

from ministack import app
from ministack.core import iam_actions, lambda_runtime, responses
from ministack.services import apigateway, cloudformation, cloudfront, route53, ses_v2, sts
from ministack.services.cloudformation import engine, provisioners

HANDLERS = provisioners._RESOURCE_HANDLERS
REPORT = open(os.environ["REPORT"], "a", buffering=1, encoding="utf-8")

# Types that it does not know: nothing in the story depends on what they would do.
STUBBED = ["AWS::CloudWatch::CompositeAlarm", "AWS::CodeDeploy::Application", "AWS::CodeDeploy::DeploymentGroup"]


def note(kind, name, at=""):
    print(json.dumps({"kind": kind, "name": name, "at": at}), file=REPORT)


def add(resource_type, parent, keys, operation, id_key):
    """Creates a child of a WebSocket API's route or integration with the emulator's own operation."""

    def create(logical_id, props, stack):
        note("added", resource_type, f"{stack}/{logical_id}")
        body = {key[0].lower() + key[1:]: props[key] for key in keys if key in props}
        # Ref of a route is API/ROUTE here and ROUTE on AWS.
        status, _, answer = operation(props["ApiId"], props[parent].split("/")[-1], body)
        if status >= 400:
            raise ValueError(f"{resource_type}: {answer!r}")
        return json.loads(answer)[id_key], {}

    HANDLERS[resource_type] = {"create": create, "delete": lambda physical_id, props: None}


def stub(name, accepts=lambda props: True, resource_type=None):
    """Resources of the type that `accepts` selects are only recorded; the emulator creates the others."""
    resource_type = resource_type or name
    real = dict(HANDLERS.get(resource_type, {}))

    def create(logical_id, props, stack):
        if not accepts(props):
            return real["create"](logical_id, props, stack)
        note("stubbed", name, f"{stack}/{logical_id}")
        physical_id = f"{stack}-{logical_id}"
        return physical_id, {"Arn": f"arn:aws:stub:::{physical_id}", "Id": physical_id}

    def update(physical_id, old, new, stack, logical_id=None):
        if accepts(old) or accepts(new):
            return create(logical_id or physical_id, new, stack)
        return real["update"](physical_id, old, new, stack, logical_id)

    def delete(physical_id, props):
        if not accepts(props):
            real["delete"](physical_id, props)

    HANDLERS[resource_type] = {"create": create, "update": update, "update_with_logical_id": True, "delete": delete}


def dkim_attributes():
    """Fn::GetAtt of a domain's DKIM records, which the emulator lacks, in the right format."""
    handlers = HANDLERS["AWS::SES::EmailIdentity"]

    def with_records(real):
        def provide(*args):
            identity, attributes = real(*args)
            if "@" not in identity:
                note("stubbed", "AWS::SES::EmailIdentity, its DKIM records", identity)
            for index in (1, 2, 3):
                attributes[f"DkimDNSTokenName{index}"] = f"token{index}._domainkey.{identity}"
                attributes[f"DkimDNSTokenValue{index}"] = f"token{index}.dkim.amazonses.com"
            return identity, attributes

        return provide

    for verb in ("create", "update"):
        handlers[verb] = with_records(handlers[verb])


def origins_on_loopback():
    """CloudFront reaches API Gateway's host names at the emulator's port."""
    target = cloudfront._origin_connect_target

    def connect(origin, viewer_is_https):
        if ".execute-api." not in origin["domain_name"]:
            return target(origin, viewer_is_https)
        return "127.0.0.1", int(os.environ["GATEWAY_PORT"]), False

    cloudfront._origin_connect_target = connect
    note("assumed", "CloudFront speaks to API Gateway without TLS, on loopback")


def sender_as_resource():
    """IAM: calls of SES's first API act on the identity that covers the sender; the emulator checks them as `*`."""
    resource_of = iam_actions.extract_resource_arn

    def extract(service, method, path, headers, body, query, region, account):
        arn = resource_of(service, method, path, headers, body, query, region, account)
        sender = iam_actions._param(body, query, "Source") if service == "ses" and arn == "*" else ""
        if not sender:
            return arn
        address = parseaddr(sender)[1]
        identity = address if address in ses_v2._identities else address.split("@")[-1]
        note("added", "IAM's resource of what sends by SES", identity)
        return f"arn:aws:ses:{responses.get_region()}:{responses.get_account_id()}:identity/{identity}"

    iam_actions.extract_resource_arn = extract


def sender_in_conditions():
    """IAM: the condition key ses:FromAddress, a bare address; the emulator has no condition keys of SES."""
    keys_of = iam_actions.request_tag_context

    def with_sender(service, iam_action, body, params):
        keys = keys_of(service, iam_action, body, params)
        sender = iam_actions._param(body, params, "Source") if service == "ses" else ""
        if not sender:
            return keys
        note("added", "IAM's condition key ses:FromAddress")
        return {**keys, "ses:fromaddress": parseaddr(sender)[1]}

    iam_actions.request_tag_context = with_sender


def tell_sessions():
    """Which role signs with which access key, for our own evaluator in front of SNS."""
    sessions = open(os.environ["SESSIONS"], "a", buffering=1, encoding="utf-8")
    register = sts.register_session

    def register_and_tell(access_key, session):
        print(json.dumps({"accessKey": access_key, "arn": session["Arn"]}), file=sessions)
        return register(access_key, session)

    sts.register_session = register_and_tell


def keep_what_functions_write():
    """Logs go to one file, as the emulator keeps none of functions behind a WebSocket API."""
    lines = open(os.environ["FUNCTIONS_LOG"], "a", buffering=1, encoding="utf-8")
    invoke = lambda_runtime.Worker.invoke

    def invoke_and_keep(worker, *args, **options):
        result = invoke(worker, *args, **options)
        print(result.get("log") or "", file=lines)
        return result

    lambda_runtime.Worker.invoke = invoke_and_keep


def join_node_options():
    """Appends a function's own NODE_OPTIONS to those that every function gets here."""
    ours = os.environ["NODE_OPTIONS"]
    begin = lambda_runtime.Worker.__init__

    def begin_with_both(worker, func_name, config, code_zip):
        variables = config.get("Environment", {}).get("Variables", {})
        own = variables.get("NODE_OPTIONS")
        if own and not own.startswith(ours):
            config = {**config, "Environment": {"Variables": {**variables, "NODE_OPTIONS": f"{ours} {own}"}}}
        begin(worker, func_name, config, code_zip)

    lambda_runtime.Worker.__init__ = begin_with_both


def outputs_of_other_regions():
    """A weak reference across Regions (Fn::GetStackOutput with Region) is resolved only in its own Region."""
    resolve = engine._resolve_refs

    def other_region(reference, *context):
        stack_name, region, output = (engine._resolve_refs(reference[key], *context)
                                      for key in ("StackName", "Region", "OutputName"))
        stack = cloudformation._stacks.get_scoped(responses.get_account_id(), region, stack_name) or {}
        for candidate in stack.get("Outputs", []):
            if candidate["OutputKey"] == output:
                return candidate["OutputValue"]
        raise ValueError(f"no output {output} of stack {stack_name} in {region}")

    def resolve_anywhere(value, *context):
        reference = value.get("Fn::GetStackOutput") if isinstance(value, dict) else None
        if not isinstance(reference, dict) or "Region" not in reference:
            return resolve(value, *context)
        note("added", "Fn::GetStackOutput across Regions", f"{reference['StackName']}/{reference['OutputName']}")
        return other_region(reference, *context)

    engine._resolve_refs = resolve_anywhere


def own_hosted_zone(zone_id, name):
    """Creates the zone of a stage's configuration before its stacks, as the API does not allow chosen ids."""
    zone = {"id": zone_id, "name": f"{name}.", "caller_reference": zone_id, "comment": "", "private": False, "vpcs": []}
    responses.set_request_account_id(os.environ["MINISTACK_ACCOUNT_ID"])
    route53._zones[zone_id] = zone
    route53._records[zone_id] = route53._default_records(f"{name}.")
    note("assumed", f"hosted zone {zone_id} exists")


def end_with_parent():
    sys.stdin.read()
    os.killpg(os.getpgrp(), signal.SIGKILL)


def assume_tls():
    """Policies deny calls without TLS, and calls to the emulator on loopback are plain HTTP."""
    pin = app.pin_request_origin
    app.pin_request_origin = lambda address, _secure: pin(address, True)
    note("assumed", "aws:SecureTransport is true: there is no TLS on loopback")


add(
    "AWS::ApiGatewayV2::RouteResponse",
    "RouteId",
    ("RouteResponseKey", "ResponseModels", "ResponseParameters"),
    apigateway._create_route_response,
    "routeResponseId",
)
add(
    "AWS::ApiGatewayV2::IntegrationResponse",
    "IntegrationId",
    ("IntegrationResponseKey", "ResponseTemplates", "ResponseParameters", "TemplateSelectionExpression"),
    apigateway._create_integration_response,
    "integrationResponseId",
)
for known in STUBBED:
    stub(known)
stub("AWS::CloudWatch::Alarm over Metrics", lambda props: "Metrics" in props, "AWS::CloudWatch::Alarm")
assume_tls()
note("assumed", "names of amazonaws.com and cloudfront.net lead to loopback (names.ts)")
dkim_attributes()
origins_on_loopback()
sender_as_resource()
sender_in_conditions()
tell_sessions()
keep_what_functions_write()
join_node_options()
outputs_of_other_regions()
for zone_id, name in json.loads(os.environ["ZONES"]).items():
    own_hosted_zone(zone_id, name)
threading.Thread(target=end_with_parent, daemon=True).start()
app.main()
