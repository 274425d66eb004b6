package dev.attache.filters.http.author;

import dev.attache.filter.BlockingFilter;
import dev.attache.filter.Filter;
import dev.attache.filter.FilterFactory;
import dev.attache.filter.FilterPlan;
import dev.attache.filter.HeaderFilter;
import dev.attache.filter.Settings;
import dev.attache.filter.StreamingFilter;
import dev.attache.filters.http.author.blocking.BlockingTier;
import dev.attache.filters.http.author.stream.AuthorScope;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.pipeline.ExplainedStream;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import dev.attache.proxy.worker.FaultLog;
import dev.attache.proxy.worker.Faults;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A filter of an author with its settings. The plan is closed when the last filter that it opened
 * has closed; a configuration that is used again afterwards makes another one. Any thread.
 */
final class AuthorSpec implements HttpFilterSpec {
    private static final FaultLog FAULTS = new FaultLog("filter");

    private final FilterFactory factory;
    private final Settings settings;

    /** The plan while it is open. */
    private @Nullable FilterPlan plan;

    private int open;

    private AuthorSpec(FilterFactory factory, Settings settings, FilterPlan plan) {
        this.factory = factory;
        this.settings = settings;
        this.plan = plan;
    }

    /** Lets the author's code read the settings. */
    static HttpFilterSpec of(FilterFactory factory, Settings settings) {
        FilterPlan plan =
                Objects.requireNonNull(
                        factory.configure(settings), "FilterFactory.configure returned null");
        return new AuthorSpec(factory, settings, plan);
    }

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        AuthorScope around = new AuthorScope(scope, factory.name());
        FilterPlan leased = lease();
        try {
            Filter filter =
                    Objects.requireNonNull(leased.open(around), "FilterPlan.open returned null");
            return new Opened(this, filter, maker(filter, around));
        } catch (Throwable e) {
            release();
            throw e;
        }
    }

    private static Supplier<HttpFilter> maker(Filter filter, AuthorScope scope) {
        return switch (filter) {
            case HeaderFilter heads -> () -> new HeadersTier(heads, scope);
            case StreamingFilter parts -> () -> new StreamingTier(parts.newStream(), scope);
            case BlockingFilter whole -> () -> new BlockingTier(whole, scope);
        };
    }

    private synchronized FilterPlan lease() {
        FilterPlan leased = plan;
        if (leased == null) {
            leased = Objects.requireNonNull(factory.configure(settings));
            plan = leased;
        }
        open++;
        return leased;
    }

    private void release() {
        FilterPlan last = null;
        synchronized (this) {
            if (--open == 0) {
                last = plan;
                plan = null;
            }
        }
        if (last != null) {
            closeElsewhere(last);
        }
    }

    /** What closes may wait for what is still under way, which no worker does. */
    private void closeElsewhere(FilterPlan last) {
        Thread thread =
                Thread.ofVirtual()
                        .name("filter " + factory.name() + " closes")
                        .unstarted(() -> {
                            try {
                                last.close();
                            } catch (Throwable e) {
                                Faults.contain(e);
                                FAULTS.error(
                                        "the plan of '" + factory.name() + "' threw at its end", e);
                            }
                        });
        thread.setContextClassLoader(factory.getClass().getClassLoader());
        thread.start();
    }

    /** On one worker. */
    private record Opened(AuthorSpec spec, Filter filter, Supplier<HttpFilter> maker)
            implements HttpFilterFactory {
        @Override
        public HttpFilter newFilter() {
            return maker.get();
        }

        /** Nothing is made of the author's for a question. */
        @Override
        public void explain(ExplainedStream stream, Explanation into) {
            into.say(ExplainedStream.WOULD, ExplainedStream.RUNS);
        }

        @Override
        public void close() {
            try {
                filter.close();
            } finally {
                spec.release();
            }
        }
    }
}
