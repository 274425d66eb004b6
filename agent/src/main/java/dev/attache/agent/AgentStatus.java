package dev.attache.agent;

import dev.attache.agent.dataplane.DataPlane;
import dev.attache.agent.dataplane.ProxySupervision;
import dev.attache.agent.environment.Environment;
import dev.attache.agent.metrics.AgentMetrics;
import dev.attache.agent.report.AgentReport;
import dev.attache.agent.status.GrpcBootstrapReadiness;
import dev.attache.agent.status.Profiles;
import dev.attache.agent.status.ProxyReadiness;
import dev.attache.agent.status.Readiness;
import dev.attache.agent.status.ReadinessCheck;
import dev.attache.agent.status.StatusPage;
import dev.attache.agent.status.StatusPages;
import dev.attache.agent.status.StatusReply;
import dev.attache.agent.status.StatusRequest;
import dev.attache.agent.status.StatusServer;
import dev.attache.agent.status.probe.ApplicationProbes;
import dev.attache.agent.status.probe.ProbeTarget;
import dev.attache.agent.status.scrape.MergedMetrics;
import dev.attache.agent.status.scrape.ScrapeTargets;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the status port of an agent answers. */
final class AgentStatus {

    private static final Logger LOG = LoggerFactory.getLogger("agent");

    private final AgentPlan plan;
    private final AgentMetrics metrics;
    private final Agent agent;
    private final Readiness readiness;

    AgentStatus(AgentPlan plan, AgentMetrics metrics, Agent agent) {
        this.plan = plan;
        this.metrics = metrics;
        this.agent = agent;
        this.readiness = readiness();
    }

    private Readiness readiness() {
        List<ReadinessCheck> checks = new ArrayList<>();
        DataPlane proxy = agent.proxy();
        if (proxy != null) {
            checks.add(
                    new ProxyReadiness(
                            proxy,
                            agent::shutdownCause,
                            metrics,
                            ProcessHandle.current().info().startInstant().orElse(Instant.now())));
        }
        checks.add(agent.nameServing());
        Path bootstrap = plan.grpcBootstrap();
        if (bootstrap != null) {
            checks.add(new GrpcBootstrapReadiness(bootstrap));
        }
        return new Readiness(checks);
    }

    /**
     * Serves it until what is returned is closed. A port that is taken is said and nothing more, as
     * Istio's agent does.
     *
     * @throws IllegalArgumentException if variables say what cannot be
     */
    AutoCloseable serve() {
        int port = plan.config().statusPort();
        StatusPages pages = pages(port);
        if (port <= 0) {
            return () -> {};
        }
        try {
            return StatusServer.start(port, pages);
        } catch (IOException e) {
            LOG.error("Error listening on status port: {}", e.getMessage());
            return () -> {};
        }
    }

    private StatusPages pages(int port) {
        StatusPage merged = metrics(port);
        ApplicationProbes probes = probes(port);
        StatusPages pages =
                new StatusPages()
                        .add("/healthz/ready", readiness)
                        .add(AgentReport.PATH, ((StatusPage) this::report).forThisHost())
                        .add("/metrics", merged)
                        .add("/stats/prometheus", merged)
                        .add("/debug/ndsz", ((StatusPage) agent.nameServing()::page).forThisHost())
                        .add("/quitquitquit", ((StatusPage) this::quit).forPost().forThisHost())
                        .add("/drain", ((StatusPage) this::drain).forPost().forThisHost())
                        .add("/app-health/", probes)
                        .add("/app-lifecycle/", probes);
        if (plan.profiling()) {
            Profiles.addTo(pages);
        }
        return pages;
    }

    private void report(StatusRequest request, StatusReply reply) throws IOException {
        reply.field("Content-Type", "application/json");
        reply.text(200, new AgentReports(plan, agent, readiness::reason).make().toJson());
    }

    /** Why the proxy is not ready, or null. Any thread; may block. */
    @Nullable String notReady() {
        return readiness.reason();
    }

    private StatusPage metrics(int port) {
        Environment environment = plan.environment();
        String variable = "ISTIO_PROMETHEUS_ANNOTATIONS";
        ScrapeTargets targets =
                plan.sidecar() && environment.has(variable)
                        ? ScrapeTargets.parse(environment.text(variable, ""), port)
                        : ScrapeTargets.none();
        boolean merges = environment.truth("PILOT_AGENT_MERGE_ENVOY_STATS", true);
        MergedMetrics page = new MergedMetrics(metrics, merges ? agent.proxy() : null, targets);
        return environment.truth("METRICS_LOCALHOST_ACCESS_ONLY", false)
                ? page.forThisHost()
                : page;
    }

    private ApplicationProbes probes(int port) {
        Environment environment = plan.environment();
        return ApplicationProbes.parse(
                environment.text("ISTIO_KUBE_APP_PROBERS", ""),
                ProbeTarget.of(
                        environment.text("INSTANCE_IP", ""),
                        plan.v6Only(),
                        environment.truth("REWRITE_PROBE_LEGACY_LOCALHOST_DESTINATION", false),
                        port));
    }

    private void quit(StatusRequest request, StatusReply reply) throws IOException {
        reply.text(200, "OK");
        reply.finish();
        LOG.info("handling {}, notifying pilot-agent to exit", request.path());
        ProxySupervision running = agent.supervision();
        if (running != null) {
            running.disableDraining();
        }
        agent.shutdown(request.path() + " called");
    }

    private void drain(StatusRequest request, StatusReply reply) throws IOException {
        reply.text(200, "OK");
        LOG.info("handling {}, starting drain", request.path());
        ProxySupervision running = agent.supervision();
        if (running != null) {
            running.drainNow();
        }
    }
}
