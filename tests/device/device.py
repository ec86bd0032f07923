"""A vacuum pan as a plant integrator would write it: paho-mqtt and the wire contract, none of Panfloor's code.

    python device.py HOST PORT NAME

Publishes telemetry every `sample_interval_ms`, reports its state, takes configs from its config topic, and reports each as
received before it works by it and as applied when it does. It obeys no config that one person alone stands behind.
"""

import base64
import json
import queue
import signal
import sys
import time
from datetime import datetime, timezone

import paho.mqtt.client as mqtt

CLASS = "reference-pan"
FIRMWARE = "paho 1.0"

FIELDS = {
    "heating_enabled": True,
    "motor_power_interlocks": [5.0, 18.0],
    "pressure_interlocks": [45.0, 90.0],
    "pressure_setpoint": 65.0,
    "sample_interval_ms": 200,
    "temperature_interlocks": [40.0, 50.0],
    "temperature_setpoint": 46.0,
}

# How long the controller takes to work by new values, seconds: received and applied are two moments.
TAKES_OVER_IN = 0.3


class Refused(Exception):
    """A config that this machine does not obey; the text says why."""


def signed(envelope):
    """The record in a DSSE envelope. Its signatures are not checked here: a gateway that holds the site's keys does that."""
    if not envelope["signatures"]:
        raise Refused("a record of the proof is not signed")
    return json.loads(base64.b64decode(envelope["payload"], validate=True))


def check_proof(message):
    """Four eyes, as far as it can be told without the site's keys: the author has not approved, and what was published is this."""
    proof = message["proof"]
    publishing, request = signed(proof["publishing"]), signed(proof["request"])
    approvals = [signed(envelope) for envelope in proof["approvals"]]
    kinds = [publishing["kind"], request["kind"], *(approval["kind"] for approval in approvals)]
    if kinds != ["publishing", "request", *["approval"] * len(approvals)] or not approvals:
        raise Refused(f"the proof holds other records: {kinds}")
    if {record["site"] for record in (publishing, request, *approvals)} != {message["site"]}:
        raise Refused("the proof is another site's")
    if any(approval["key"] == request["key"] for approval in approvals):
        raise Refused("the author approved it")
    core = json.loads(base64.b64decode(publishing["message"], validate=True))
    if core != {name: value for name, value in message.items() if name != "proof"}:
        raise Refused("what was published is not what was signed")
    wanted = [on["config"] for on in request["machines"] if on["machine"] == publishing["machine"]]
    if wanted != [message["config"]] or publishing["version"] != message["version"]:
        raise Refused("what was published is not what was requested")
    return publishing["machine"]


class Pan:
    def __init__(self, name):
        self.name = name
        self.config = dict(FIELDS)
        self.version = 0
        self.temperature = self.config["temperature_setpoint"]
        self.count = 0
        self.arrived = queue.Queue()
        self.client = mqtt.Client(
            mqtt.CallbackAPIVersion.VERSION2, client_id=f"device-{name}", clean_session=False, protocol=mqtt.MQTTv311
        )
        self.client.on_connect = self.on_connect
        self.client.on_message = lambda client, data, message: self.arrived.put(message.payload)

    def on_connect(self, client, data, flags, reason, properties):
        if reason.is_failure:
            print(f"refused: {reason}", file=sys.stderr, flush=True)
            return
        client.subscribe(f"/devices/{self.name}/config", qos=1)
        self.report("applied", self.version, self.config)

    def report(self, status, version, config, reason=None):
        state = {"config_version": version, "config": config, "status": status, "mode": "remote"}
        state |= {"firmware": FIRMWARE, "class": CLASS}
        if reason:
            state["reason"] = reason
        self.client.publish(f"/devices/{self.name}/state", json.dumps(state), qos=1, retain=True)
        print(json.dumps({"reported": status, "version": version, "reason": reason}), flush=True)

    def take(self, payload):
        """Takes what lies on the config topic."""
        if not payload:
            return
        try:
            message = json.loads(payload)
            version = message["version"]
        except (ValueError, KeyError, TypeError):
            print("not a config", file=sys.stderr, flush=True)
            return
        if version <= self.version:
            return
        try:
            if check_proof(message) != self.name:
                raise Refused("it is another machine's")
            if message["config"].keys() != FIELDS.keys():
                raise Refused("fields are missing or unknown")
        except Refused as refused:
            self.report("refused", version, self.config, str(refused))
            return
        except (ValueError, KeyError, TypeError) as problem:
            self.report("refused", version, self.config, f"the proof cannot be read: {problem!r}")
            return
        self.report("received", version, self.config)
        time.sleep(TAKES_OVER_IN)
        self.config, self.version = message["config"], version
        self.report("applied", self.version, self.config)

    def measure(self):
        """One reading: the temperature follows its setpoint, with a little of the sensor's noise."""
        self.count += 1
        self.temperature += (self.config["temperature_setpoint"] - self.temperature) * 0.2
        noise = (self.count % 5 - 2) / 100
        reading = {
            "time": datetime.now(timezone.utc).isoformat(timespec="milliseconds"),
            "seq": self.count,
            "phase": "grain_growth",
            "mode": "remote",
            "temperature": round(self.temperature + noise, 2),
            "pressure": round(self.config["pressure_setpoint"] + noise * 10, 1),
            "motor_power": round(12 + noise, 2),
        }
        self.client.publish(f"/devices/{self.name}/events", json.dumps(reading), qos=1)

    def run(self, host, port):
        self.client.connect(host, port, keepalive=20)
        self.client.loop_start()
        due = time.monotonic()
        while True:
            try:
                self.take(self.arrived.get(timeout=max(0.0, due - time.monotonic())))
            except queue.Empty:
                self.measure()
                due = time.monotonic() + self.config["sample_interval_ms"] / 1000


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    host, port, name = sys.argv[1:]
    Pan(name).run(host, int(port))
