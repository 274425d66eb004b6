package dev.attache.agent;

import dev.attache.agent.dataplane.ChildDataPlane;
import dev.attache.agent.dataplane.DataPlane;
import dev.attache.agent.dataplane.ProxySupervision;
import dev.attache.agent.health.AppHealth;
import dev.attache.agent.identity.Identity;
import dev.attache.agent.identity.IdentityState;
import dev.attache.agent.identity.WorkloadIdentity;
import dev.attache.agent.names.NameServer;
import dev.attache.agent.pem.Certificates;
import dev.attache.agent.relay.RelayState;
import dev.attache.agent.report.AgentReport;
import dev.attache.server.lifecycle.Version;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the report of a running agent, of what its parts say at this moment. Any thread; may block
 * as long as the question for readiness does.
 */
record AgentReports(AgentPlan plan, Agent agent, Supplier<@Nullable String> notReady) {

    AgentReport make() {
        String reason = notReady.get();
        AppHealth application = agent.application();
        return new AgentReport(
                Instant.now(),
                process(),
                new AgentReport.Readiness(
                        reason == null,
                        reason == null ? List.of() : List.of(reason),
                        application == null ? null : application.state()),
                identity(),
                authority(),
                controlPlane(),
                agent.relay().state().pushes().stream().map(AgentReports::push).toList(),
                names(),
                drain());
    }

    private AgentReport.Process process() {
        ProcessHandle own = ProcessHandle.current();
        DataPlane proxy = agent.proxy();
        long child = proxy instanceof ChildDataPlane other ? other.pid() : own.pid();
        return new AgentReport.Process(
                Version.fiveParts(),
                plan.separate() ? "" : Version.fiveParts(),
                plan.separate(),
                own.pid(),
                proxy == null ? 0 : child,
                plan.node(),
                own.info().startInstant().orElse(Instant.EPOCH));
    }

    private AgentReport.@Nullable Identity identity() {
        WorkloadIdentity source = agent.secrets().identity();
        Identity current = source == null ? null : source.current();
        if (source == null || current == null) {
            return null;
        }
        IdentityState state = source.state();
        List<X509Certificate> chain = read(current.chain());
        return new AgentReport.Identity(
                chain.isEmpty() ? "" : name(chain.getFirst()),
                state.source(),
                chain.stream().map(AgentReports::certificate).toList(),
                read(agent.secrets().trust().roots()).stream()
                        .map(AgentReports::certificate)
                        .toList(),
                current.created(),
                state.renewal());
    }

    private AgentReport.@Nullable Authority authority() {
        WorkloadIdentity source = agent.secrets().identity();
        if (source == null) {
            return null;
        }
        IdentityState state = source.state();
        boolean failed = !state.failure().isEmpty();
        return new AgentReport.Authority(
                state.source(), state.failures(), failed ? state.failure() : null);
    }

    private AgentReport.ControlPlane controlPlane() {
        RelayState.Connection connection = agent.relay().state().connection();
        return new AgentReport.ControlPlane(
                plan.config().discoveryAddress(),
                agent.relay().connected(),
                connection.since(),
                connection.connections(),
                connection.failedAt(),
                connection.failure());
    }

    private static AgentReport.Push push(RelayState.Push push) {
        return new AgentReport.Push(
                push.type(),
                push.version(),
                push.at(),
                push.resources(),
                push.bytes(),
                push.accepted(),
                push.rejected(),
                push.rejectedAt(),
                push.rejection());
    }

    private AgentReport.Drain drain() {
        ProxySupervision running = agent.supervision();
        if (running == null) {
            return new AgentReport.Drain("serving", null, -1);
        }
        long active;
        try {
            active = running.activeConnections();
        } catch (IOException e) {
            active = -1; // the proxy does not answer, which its readiness says
        }
        return new AgentReport.Drain(
                running.phase().name().toLowerCase(Locale.ROOT), running.leavingSince(), active);
    }

    private AgentReport.@Nullable Names names() {
        NameServer server = agent.nameServing().server();
        if (server == null) {
            return null;
        }
        NameServer.State state = server.state();
        return new AgentReport.Names(
                NetUtil.toSocketAddressString(server.addresses().getFirst()),
                state.hosts(),
                state.tableAt(),
                state.upstreams().stream().map(NetUtil::toSocketAddressString).toList(),
                state.requests(),
                state.failures());
    }

    private static List<X509Certificate> read(List<String> pems) {
        List<X509Certificate> certificates = new ArrayList<>();
        for (String pem : pems) {
            try {
                certificates.add(Certificates.read(pem));
            } catch (CertificateException e) {
                throw new IllegalStateException("what is in use was read before", e);
            }
        }
        return certificates;
    }

    private static AgentReport.Certificate certificate(X509Certificate certificate) {
        String key =
                switch (certificate.getPublicKey()) {
                    case RSAKey rsa -> "RSA " + rsa.getModulus().bitLength();
                    case ECKey ec -> "EC P-" + ec.getParams().getOrder().bitLength();
                    default -> certificate.getPublicKey().getAlgorithm();
                };
        return new AgentReport.Certificate(
                certificate.getSubjectX500Principal().getName(),
                certificate.getIssuerX500Principal().getName(),
                certificate.getSerialNumber().toString(16),
                key,
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant());
    }

    /** The first name that it has: a workload's only one is its SPIFFE id. */
    private static String name(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            if (names != null && !names.isEmpty()) {
                return String.valueOf(names.iterator().next().get(1));
            }
        } catch (CertificateParsingException e) {
            return "names that cannot be read: " + e.getMessage();
        }
        return certificate.getSubjectX500Principal().getName();
    }
}
