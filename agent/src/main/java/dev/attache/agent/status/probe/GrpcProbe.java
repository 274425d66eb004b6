package dev.attache.agent.status.probe;

import dev.attache.agent.grpc.HealthService;
import dev.attache.agent.http.HttpCall;
import dev.attache.agent.status.StatusReply;
import dev.attache.agent.status.StatusRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code grpc}: asks {@code grpc.health.v1.Health}, in plain text as kubelet does.
 *
 * @param service may be empty, which is the server
 */
record GrpcProbe(ProbeTarget target, int port, String service, int seconds) implements Probe {

    private static final Logger LOG = LoggerFactory.getLogger("agent.probes");

    @Override
    public void answer(StatusRequest request, StatusReply reply) {
        String agent = request.fields().text("User-Agent");
        ManagedChannel channel = channel(agent);
        try {
            int status = HealthService.check(channel, service, Duration.ofSeconds(seconds));
            reply.status(status == HealthService.SERVING ? 200 : 500);
        } catch (StatusRuntimeException e) {
            LOG.error("{}: {}", words(e.getStatus().getCode()), e.getStatus());
            reply.status(500);
        } finally {
            channel.shutdownNow();
        }
    }

    private ManagedChannel channel(String agent) {
        NettyChannelBuilder builder =
                NettyChannelBuilder.forTarget("dns:///" + HttpCall.hostAndPort(target.host(), port))
                        .usePlaintext()
                        .proxyDetector(address -> null)
                        .localSocketPicker(new FromSource(target));
        return (agent.isEmpty() ? builder : builder.userAgent(agent)).build();
    }

    private static String words(Status.Code code) {
        return switch (code) {
            case UNIMPLEMENTED ->
                    "server does not implement the grpc health protocol (grpc.health.v1.Health)";
            case DEADLINE_EXCEEDED -> "grpc request not finished within timeout";
            case UNAVAILABLE -> "Failed to create grpc connection to probe app";
            default -> "grpc probe failed";
        };
    }

    /** Has connections come from where interception passes them by. */
    private static final class FromSource extends NettyChannelBuilder.LocalSocketPicker {
        private final ProbeTarget target;

        FromSource(ProbeTarget target) {
            this.target = target;
        }

        @Override
        public java.net.@Nullable SocketAddress createSocketAddress(
                java.net.SocketAddress remote, io.grpc.Attributes attributes) {
            return new InetSocketAddress(target.source(), 0);
        }
    }
}
