package dev.attache.agent.report;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Reports to print. */
final class Reports {
    static final Instant NOW = Instant.parse("2026-11-30T08:00:00Z");

    private Reports() {}

    static Instant ago(String duration) {
        return NOW.minus(Duration.parse(duration));
    }

    /** Of an agent that lacks nothing. */
    static AgentReport whole(boolean ready) {
        return new AgentReport(
                NOW,
                new AgentReport.Process(
                        "0.1.0",
                        "1.40.0",
                        false,
                        4711,
                        4711,
                        "sidecar~10.0.0.1~vm1.a~x",
                        ago("PT3H")),
                new AgentReport.Readiness(
                        ready,
                        ready ? List.of() : List.of("config not received: \"cds\"\n\t\u0001é😀"),
                        new AgentReport.Application(false, ago("PT90S"), "connection refused")),
                new AgentReport.Identity(
                        "spiffe://cluster.local/ns/a/sa/vm",
                        "Istio CA istiod:15012",
                        List.of(
                                certificate("", "O=one", ago("PT1H"), NOW.plusSeconds(90_000)),
                                certificate("O=one", "O=root", ago("P9D"), ago("P2D"))),
                        List.of(certificate("O=root", "O=root", NOW.plusSeconds(60), NOW)),
                        ago("PT1H"),
                        NOW.plusSeconds(3600)),
                new AgentReport.Authority("Istio CA istiod:15012", 2, "UNAUTHENTICATED: token"),
                new AgentReport.ControlPlane(
                        "istiod:15012", true, ago("PT61M"), 2, ago("PT62M"), "UNAVAILABLE"),
                List.of(
                        push("type.googleapis.com/envoy.config.listener.v3.Listener", ago("PT9S")),
                        push("type.googleapis.com/envoy.config.cluster.v3.Cluster", null)),
                new AgentReport.Names(
                        "127.0.0.1:15053", 12, ago("PT2S"), List.of("10.0.0.53:53"), 99, 1),
                new AgentReport.Drain("serving", null, 7));
    }

    /** Of an agent that has just begun. */
    static AgentReport young() {
        return new AgentReport(
                NOW,
                new AgentReport.Process("0.1.0", "", true, 1, 0, "", NOW),
                new AgentReport.Readiness(false, List.of("no proxy yet"), null),
                null,
                new AgentReport.Authority("Istio CA istiod:15012", 0, null),
                new AgentReport.ControlPlane("istiod:15012", false, null, 0, null, null),
                List.of(),
                null,
                new AgentReport.Drain("serving", null, -1));
    }

    /** SPIRE's agent gives the identity. */
    static AgentReport served() {
        AgentReport young = young();
        return new AgentReport(
                NOW,
                young.process(),
                young.readiness(),
                null,
                null,
                young.controlPlane(),
                List.of(),
                null,
                young.drain());
    }

    static AgentReport disconnected() {
        AgentReport whole = whole(true);
        return new AgentReport(
                NOW,
                whole.process(),
                whole.readiness(),
                whole.identity(),
                whole.authority(),
                new AgentReport.ControlPlane(
                        "istiod:15012", false, ago("PT10M"), 2, ago("PT1S"), "UNAVAILABLE"),
                whole.pushes(),
                whole.names(),
                whole.drain());
    }

    private static AgentReport.Certificate certificate(
            String subject, String issuer, Instant from, Instant until) {
        return new AgentReport.Certificate(subject, issuer, "ab12", "RSA 2048", from, until);
    }

    private static AgentReport.Push push(
            String type, @org.jspecify.annotations.Nullable Instant refused) {
        return new AgentReport.Push(
                type,
                "v7",
                ago("PT10S"),
                5,
                1234,
                3,
                refused == null ? 0 : 1,
                refused,
                "field x: no");
    }
}
