package dev.attache.agent;

import dev.attache.agent.control.ControlPlane;
import dev.attache.agent.control.ControlPlaneSettings;
import dev.attache.agent.control.Discovery;
import dev.attache.agent.dataplane.ActiveConnections;
import dev.attache.agent.dataplane.AdminAddress;
import dev.attache.agent.dataplane.ChildDataPlane;
import dev.attache.agent.dataplane.DataPlane;
import dev.attache.agent.dataplane.EmbeddedDataPlane;
import dev.attache.agent.dataplane.ProxyCommand;
import dev.attache.agent.dataplane.ProxySupervision;
import dev.attache.agent.environment.Environment;
import dev.attache.agent.health.AppHealth;
import dev.attache.agent.identity.spire.IdentitySocket;
import dev.attache.agent.metrics.AgentMetrics;
import dev.attache.agent.relay.MeshRoots;
import dev.attache.agent.relay.OwnResource;
import dev.attache.agent.relay.RelayService;
import dev.attache.agent.relay.RelaySettings;
import dev.attache.agent.sds.SecretDelivery;
import dev.attache.agent.socket.GrpcSockets;
import dev.attache.server.supervision.Supervisor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running agent: makes the parts in their order, runs the proxy, ends the parts. All of it is
 * on threads of the agent; what of it hangs, the proxy does not wait for. Any thread.
 */
final class Agent implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("agent");
    private static final Duration READY_CHECK = Duration.ofSeconds(1);

    private final AgentPlan plan;
    private final AgentMetrics metrics = new AgentMetrics();
    private final GrpcSockets sockets = new GrpcSockets();
    private final SecretDelivery secrets;
    private final AgentNames names;
    private final RelayService relay;
    private final @Nullable DataPlane proxy;
    private final @Nullable ProxySupervision supervision;
    private final CountDownLatch asked = new CountDownLatch(1);
    private volatile String cause = "";
    private volatile @Nullable AppHealth application;

    /**
     * Makes the parts; nothing is asked of anybody yet.
     *
     * @throws IOException if a socket or file cannot be had
     * @throws IllegalArgumentException if settings contradict each other or name what is not built
     */
    Agent(AgentPlan plan) throws IOException {
        this.plan = plan;
        this.secrets = SecretDelivery.of(plan.environment(), plan.config(), plan.files(), metrics);
        this.names = AgentNames.start(plan, metrics);
        this.relay = makeRelay();
        serve();
        this.proxy = proxy(plan.command());
        this.supervision = proxy == null ? null : supervision(proxy);
    }

    private RelayService makeRelay() {
        ControlPlane discovery =
                ControlPlaneSettings.of(
                                plan.environment(), Discovery.of(plan.config()), plan.files())
                        .discovery();
        Map<String, OwnResource> own = new LinkedHashMap<>();
        names.ask(own);
        if (plan.environment().truth("PROXY_CONFIG_XDS_AGENT", false)) {
            own.put(OwnResource.PROXY_CONFIG, new MeshRoots(secrets::meshRoots));
        }
        return new RelayService(
                new AgentUpstream(discovery), new RelaySettings(discovery.address(), own), metrics);
    }

    private void serve() throws IOException {
        GrpcSockets.Limits limits =
                GrpcSockets.Limits.of(
                        RelaySettings.maxRequestBytes(plan.environment()),
                        RelaySettings.maxStreams(plan.environment()));
        IdentitySocket identity = secrets.socket();
        Path path = identity.foreign() ? IdentitySocket.files(plan.files()) : identity.path();
        sockets.serve(path.toString(), path, secrets.service(), limits);
        String relaying = plan.config().configPath() + "/XDS";
        sockets.serve(relaying, plan.files().at(relaying), relay, limits);
    }

    private @Nullable DataPlane proxy(@Nullable ProxyCommand command) throws IOException {
        if (command == null) {
            return null;
        }
        return plan.separate()
                ? new ChildDataPlane(
                        child(command),
                        new AdminAddress(
                                plan.proxyHost(),
                                plan.config().proxyAdminPort(),
                                port("PROMETHEUS", 15090),
                                tokenFile()),
                        plan.files().at(plan.config().configPath() + "/proxy-process"))
                : EmbeddedDataPlane.of(command, sockets.inProcess());
    }

    private @Nullable Path tokenFile() {
        String file = plan.environment().text("ATTACHE_ADMIN_TOKEN_FILE", "");
        return file.isEmpty() ? null : Path.of(file);
    }

    /** Where ProxyConfig's binary is not there, the launcher that started this agent. */
    private static ProxyCommand child(ProxyCommand command) {
        String launcher = System.getProperty("attache.launcher", "");
        if (Files.isExecutable(command.binary()) || launcher.isEmpty()) {
            return command;
        }
        LOG.info("there is no {}: the proxy is run by {}", command.binary(), launcher);
        return new ProxyCommand(
                Path.of(launcher),
                command.arguments(),
                command.extraEnvironment(),
                command.asIstioUser());
    }

    private ProxySupervision supervision(DataPlane running) {
        Environment environment = plan.environment();
        return new ProxySupervision(
                running,
                new ProxySupervision.Draining(
                        plan.sidecar(),
                        plan.config().terminationDrainDuration(),
                        environment.duration("MINIMUM_DRAIN_DURATION", Duration.ofSeconds(5)),
                        environment.truth("EXIT_ON_ZERO_ACTIVE_CONNECTIONS", false)),
                new ActiveConnections(
                        running,
                        port("STATUS", 15021),
                        port("PROMETHEUS", 15090),
                        port("SECURE_METRICS", 0),
                        port("SECURE_MERGED_METRICS", 0)));
    }

    private int port(String of, int otherwise) {
        return plan.environment().number("ENVOY_" + of + "_PORT", otherwise);
    }

    /**
     * Runs until the proxy has ended, or the agent was asked to end.
     *
     * @throws IOException if the proxy cannot be started
     */
    void run() throws IOException, InterruptedException {
        AgentStatus status = new AgentStatus(plan, metrics, this);
        if (proxy != null) {
            proxy.endPrevious();
        }
        try (AutoCloseable port = status.serve();
                SupervisorReports reports = reports(status)) {
            LOG.debug("the status port is {}, {}", port, reports);
            secrets.start();
            watch(status);
            ProxySupervision running = supervision;
            if (running != null) {
                running.run();
            } else {
                asked.await();
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    /** The proxy in this process speaks for it, and any other cannot. */
    private SupervisorReports reports(AgentStatus status) {
        Supervisor supervisor =
                proxy instanceof EmbeddedDataPlane ? Supervisor.none() : Supervisor.ofProcess();
        return SupervisorReports.start(supervisor, () -> status.notReady() == null, READY_CHECK);
    }

    /** The application's health, where the configuration says how it is asked. */
    private void watch(AgentStatus status) {
        AppHealth watched =
                AppHealth.of(
                        plan.config(),
                        plan.environment(),
                        plan.addresses(),
                        status::notReady,
                        relay.health()::report);
        if (watched != null) {
            application = watched;
            watched.start();
        }
    }

    @Nullable AppHealth application() {
        return application;
    }

    /** Ends it: the first reason counts. Returns at once. Any thread. */
    void shutdown(String why) {
        cause = cause.isEmpty() ? why : cause;
        asked.countDown();
        ProxySupervision running = supervision;
        if (running != null) {
            running.shutdown(why);
        }
    }

    /** Why it was asked to end; empty while it was not. */
    String shutdownCause() {
        return cause;
    }

    @Nullable DataPlane proxy() {
        return proxy;
    }

    AgentNames nameServing() {
        return names;
    }

    @Nullable ProxySupervision supervision() {
        return supervision;
    }

    SecretDelivery secrets() {
        return secrets;
    }

    RelayService relay() {
        return relay;
    }

    /** Opens logs anew. */
    void reopenLogs() {
        if (proxy instanceof EmbeddedDataPlane embedded) {
            embedded.reopenLogs();
        }
    }

    /** Ends the parts and removes what was written for the proxy. */
    @Override
    public void close() {
        Path written = plan.generated();
        step(
                "bootstrap",
                () -> {
                    if (written != null) {
                        Files.deleteIfExists(written);
                    }
                });
        AppHealth watched = application;
        step(
                "application",
                () -> {
                    if (watched != null) {
                        watched.close();
                    }
                });
        step("relay", relay::close);
        step("names", names::close);
        step("sockets", sockets::close);
        step("secrets", secrets::close);
    }

    /** Something that may fail. */
    private interface Step {
        void run() throws IOException;
    }

    private static void step(String part, Step action) {
        try {
            action.run();
        } catch (IOException | RuntimeException e) {
            LOG.warn("closing: {} did not close cleanly", part, e);
        }
    }
}
