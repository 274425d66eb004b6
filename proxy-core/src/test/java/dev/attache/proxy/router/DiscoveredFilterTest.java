package dev.attache.proxy.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.call.ScopedCalls;
import dev.attache.proxy.connection.EmbeddedConnection;
import dev.attache.proxy.discovered.DiscoveredFilter;
import dev.attache.proxy.discovered.DiscoveredSpec;
import dev.attache.proxy.overload.WorkerOverload;
import dev.attache.proxy.pipeline.DiscoveredHttpFilterSpec;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import dev.attache.proxy.pipeline.StreamEnd;
import dev.attache.proxy.stats.StatsStore;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When the configurations of a discovered filter are opened and closed on a worker. */
final class DiscoveredFilterTest {
    private final EmbeddedConnection worker = new EmbeddedConnection();
    private final List<String> told = new ArrayList<>();
    private final DiscoveredFilter filter = new DiscoveredFilter("f");

    @AfterEach
    void finish() {
        worker.finish();
    }

    @Test
    void streamsUnderWayKeepWhatTheyHave() {
        become(spec("one"));
        HttpFilterFactory factory = factory(null);
        HttpFilter before = factory.newFilter();
        become(spec("two"));
        assertThat(told).containsExactly("open one");

        HttpFilter after = factory.newFilter();
        assertThat(told).containsExactly("open one", "open two");
        end(before);
        assertThat(told).containsExactly("open one", "open two", "end one", "close one");

        end(after);
        factory.close();
        assertThat(told.subList(4, told.size()))
                .containsExactly("end two", "close two", "chain closed");
    }

    @Test
    void whatWasDiscoveredGoesBeforeTheDefaultAndBackToIt() {
        HttpFilterFactory factory = factory(spec("default"));
        end(factory.newFilter());
        become(spec("one"));
        end(factory.newFilter());
        filter.become(null);
        end(factory.newFilter());
        assertThat(told)
                .containsExactly(
                        "open default",
                        "end default",
                        "open one",
                        "close default",
                        "end one",
                        "open default",
                        "close one",
                        "end default");
    }

    @Test
    void whatCannotBeOpenedLeavesWhatServed() {
        become(spec("one"));
        HttpFilterFactory factory = factory(null);
        become(scope -> {
            told.add("fail");
            throw new IllegalStateException("no");
        });
        end(factory.newFilter());
        end(factory.newFilter());
        assertThat(told).containsExactly("open one", "fail", "end one", "end one");

        become(spec("two"));
        end(factory.newFilter());
        assertThat(told.subList(4, told.size()))
                .containsExactly("open two", "close one", "end two");
    }

    @Test
    void whatMayNotStandHereIsAsGoodAsNotThere() {
        HttpFilterFactory factory = factory(spec("default"));
        filter.become(new DiscoveredFilter.Found(spec("last"), "type", true));
        end(factory.newFilter());
        assertThat(told).containsExactly("open default", "end default");
    }

    @Test
    void aChainThatGoesWithStreamsUnderWayClosesWithTheLast() {
        become(spec("one"));
        HttpFilterFactory factory = factory(null);
        HttpFilter last = factory.newFilter();
        factory.close();
        assertThat(told).containsExactly("open one", "chain closed");
        end(last);
        end(last);
        assertThat(told)
                .containsExactly("open one", "chain closed", "end one", "close one", "end one");
    }

    private void become(HttpFilterSpec spec) {
        filter.become(new DiscoveredFilter.Found(spec, "type", spec.terminal()));
    }

    private HttpFilterFactory factory(@Nullable HttpFilterSpec fallback) {
        DiscoveredSpec<HttpFilterSpec> discovered =
                new DiscoveredSpec<>(
                        HttpFilterSpec.class,
                        () -> new DiscoveredSpec.Hold(filter, () -> told.add("chain closed")),
                        fallback,
                        found -> !found.terminal());
        return new DiscoveredHttpFilterSpec(discovered, false)
                .open(
                        new HttpFilterScope(
                                worker,
                                WorkerOverload.quiet(),
                                new StatsStore().scope("http.up."),
                                name -> null,
                                proxy(ScopedCalls.class),
                                "",
                                ""));
    }

    private static void end(HttpFilter filter) {
        filter.onStreamEnd(StreamEnd.COMPLETE, proxy(FilterContext.class));
    }

    /** Of an interface of which nothing is called. */
    private static <T> T proxy(Class<T> type) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (self, method, arguments) -> {
                            throw new AssertionError(method);
                        }));
    }

    private HttpFilterSpec spec(String name) {
        return scope -> {
            told.add("open " + name);
            return new HttpFilterFactory() {
                @Override
                public HttpFilter newFilter() {
                    return new HttpFilter() {
                        @Override
                        public void onStreamEnd(StreamEnd why, FilterContext context) {
                            told.add("end " + name);
                        }
                    };
                }

                @Override
                public void close() {
                    told.add("close " + name);
                }
            };
        };
    }
}
