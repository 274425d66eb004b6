package dev.attache.agent.health;

import dev.attache.agent.grpc.HealthService;
import dev.attache.agent.http.HttpCall;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;

/**
 * {@code grpc}: asks {@code grpc.health.v1.Health/Check}, in plain text.
 *
 * @param service empty for the server as a whole
 */
record GrpcProbe(String host, int port, String service) implements Probe {
    @Override
    public void ask(Duration limit) throws UnwellException {
        ManagedChannel channel =
                NettyChannelBuilder.forTarget("dns:///" + HttpCall.hostAndPort(host, port))
                        .usePlaintext()
                        .userAgent(HttpProbe.AGENT)
                        .build();
        try {
            int status = HealthService.check(channel, service, limit);
            if (status != HealthService.SERVING) {
                throw new UnwellException("the service says that it is not serving: " + status);
            }
        } catch (StatusRuntimeException e) {
            throw new UnwellException(words(e.getStatus(), limit));
        } finally {
            channel.shutdownNow();
        }
    }

    private String words(Status status, Duration limit) {
        return switch (status.getCode()) {
            case UNIMPLEMENTED ->
                    "service on port "
                            + port
                            + " doesn't implement the grpc health protocol grpc.health.v1.Health: "
                            + status.getDescription();
            case DEADLINE_EXCEEDED -> "health rpc probe timed out after " + limit.toSeconds() + "s";
            case UNAVAILABLE ->
                    "failed to connect health check grpc service on port "
                            + port
                            + ": "
                            + status.getDescription();
            default ->
                    "health rpc probe failed with status "
                            + status.getCode()
                            + ": "
                            + status.getDescription();
        };
    }
}
