package dev.attache.proxy.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.call.NoCalls;
import dev.attache.proxy.connection.EmbeddedConnection;
import dev.attache.proxy.overload.WorkerOverload;
import dev.attache.proxy.pipeline.FilterEntry;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterChain;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.StreamOwner;
import dev.attache.proxy.stats.StatsStore;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When the filters between router and codec are opened and closed. */
final class UpstreamChainTest {
    private final EmbeddedConnection worker = new EmbeddedConnection();
    private final List<String> told = new ArrayList<>();
    private final UpstreamChain chain = chain();

    @AfterEach
    void finish() {
        worker.finish();
    }

    @Test
    void theyLastUntilTheLastAttemptAfterTheClusterIsOver() {
        enter();
        enter();
        chain.retire();
        chain.leave();
        assertThat(told).containsExactly("open");
        chain.leave();
        assertThat(told).containsExactly("open", "close");
    }

    @Test
    void anAttemptThatComesAfterTheClusterHasThemAnew() {
        enter();
        chain.retire();
        chain.leave();
        enter();
        assertThat(told).containsExactly("open", "close", "open");
        chain.leave();
        assertThat(told).containsExactly("open", "close", "open", "close");
    }

    private void enter() {
        chain.enter(
                (StreamOwner)
                        Proxy.newProxyInstance(
                                StreamOwner.class.getClassLoader(),
                                new Class<?>[] {StreamOwner.class},
                                (proxy, method, arguments) -> null),
                new HttpFilter() {});
    }

    private UpstreamChain chain() {
        FilterEntry entry =
                new FilterEntry(
                        "f",
                        scope -> {
                            told.add("open");
                            return new HttpFilterFactory() {
                                @Override
                                public HttpFilter newFilter() {
                                    return new HttpFilter() {};
                                }

                                @Override
                                public void close() {
                                    told.add("close");
                                }
                            };
                        },
                        false);
        return new UpstreamChain(
                new HttpFilterChain(List.of(entry)),
                new HttpFilterScope(
                        worker,
                        WorkerOverload.quiet(),
                        new StatsStore().scope("http.up."),
                        name -> null,
                        NoCalls.NO_CALLS,
                        "",
                        ""));
    }
}
