package dev.attache.agent;

import dev.attache.agent.metrics.AgentMetrics;
import dev.attache.agent.names.NameServer;
import dev.attache.agent.names.NameServerSettings;
import dev.attache.agent.names.NameTable;
import dev.attache.agent.relay.OwnResource;
import dev.attache.agent.status.ReadinessCheck;
import dev.attache.agent.status.StatusReply;
import dev.attache.agent.status.StatusRequest;
import dev.attache.server.lifecycle.ProcessUser;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The agent's name server where one is wanted, and what the other parts see of it. */
final class AgentNames implements ReadinessCheck, AutoCloseable {

    private final @Nullable NameServer server;

    private AgentNames(@Nullable NameServer server) {
        this.server = server;
    }

    /**
     * Listens, if the variables say so.
     *
     * @throws IOException if its addresses are not to be had
     */
    static AgentNames start(AgentPlan plan, AgentMetrics metrics) throws IOException {
        if (!NameServerSettings.wanted(plan.environment(), plan.sidecar())) {
            return new AgentNames(null);
        }
        NameServerSettings settings =
                NameServerSettings.of(plan.environment(), plan.domain(), ProcessUser.number() == 0);
        return new AgentNames(NameServer.start(settings, metrics));
    }

    /** Takes tables, where they are wanted. */
    void ask(Map<String, OwnResource> own) {
        NameServer running = server;
        if (running != null) {
            own.put(OwnResource.NAME_TABLE, resource -> running.accept(NameTable.parse(resource)));
        }
    }

    @Nullable NameServer server() {
        return server;
    }

    @Override
    public @Nullable String notReady() {
        return server == null || server.ready()
                ? null
                : "istio DNS capture is turned ON and DNS lookup table is not ready yet";
    }

    /** {@code /debug/ndsz}. */
    void page(StatusRequest request, StatusReply reply) throws IOException {
        String json = server == null ? null : server.json();
        if (json == null) {
            reply.text(404, "{}");
        } else {
            reply.field("Content-Type", "application/json");
            reply.text(200, json);
        }
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
    }
}
