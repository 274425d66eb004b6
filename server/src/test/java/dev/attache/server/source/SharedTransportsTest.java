package dev.attache.server.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.xds.stream.StreamListener;
import dev.attache.xds.stream.XdsStream;
import dev.attache.xds.stream.XdsTransport;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.grpc.MethodDescriptor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Subscriptions of one service have one connection; others have their own. */
final class SharedTransportsTest {

    private final SharedTransports shared = new SharedTransports();
    private final List<Counted> made = new ArrayList<>();

    private static final class Counted implements XdsTransport {
        private int closed;

        @Override
        public String name() {
            return "sds-grpc";
        }

        @Override
        public <Q, R> XdsStream<Q> open(MethodDescriptor<Q, R> method, StreamListener<R> listener) {
            throw new UnsupportedOperationException("nobody opens streams here");
        }

        @Override
        public void close() {
            closed++;
        }
    }

    private static GrpcService service(String token) {
        return GrpcService.newBuilder()
                .setEnvoyGrpc(GrpcService.EnvoyGrpc.newBuilder().setClusterName("sds-grpc"))
                .addInitialMetadata(HeaderValue.newBuilder().setKey("token").setValue(token))
                .build();
    }

    private XdsTransport lease(String token) {
        return shared.lease(
                service(token),
                () -> {
                    Counted transport = new Counted();
                    made.add(transport);
                    return transport;
                });
    }

    @Test
    void theLastThatLeavesClosesIt() {
        XdsTransport one = lease("a");
        XdsTransport other = lease("a");
        assertThat(made).hasSize(1);
        one.close();
        one.close();
        assertThat(made.getFirst().closed).isZero();
        other.close();
        assertThat(made.getFirst().closed).isEqualTo(1);
        lease("a").close();
        assertThat(made).hasSize(2);
    }

    @Test
    void whoSaysSomethingElseHasItsOwn() {
        lease("a");
        lease("b");
        assertThat(made).hasSize(2);
    }
}
