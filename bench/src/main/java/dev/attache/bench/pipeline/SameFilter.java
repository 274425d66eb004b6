package dev.attache.bench.pipeline;

import dev.attache.filter.Counter;
import dev.attache.filter.Filter;
import dev.attache.filter.FilterFactory;
import dev.attache.filter.FilterPlan;
import dev.attache.filter.Settings;
import dev.attache.filter.StreamHandler;
import dev.attache.filter.StreamingContext;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.stats.Cell;

/**
 * One filter, written against the engine and against the API in two of its tiers: it looks for a
 * header of the request, sets one of the response and counts.
 */
final class SameFilter {

    private static final String ASKED = "x-user";
    private static final String TOLD = "x-hello";
    private static final String GREETING = "good day";

    private SameFilter() {}

    /** As the built-in filters are. */
    static HttpFilterSpec engine() {
        HeaderName asked = HeaderName.of(ASKED);
        HeaderName told = HeaderName.of(TOLD);
        return scope -> {
            Cell counted = scope.stats().counter("greeted").cell(scope.worker().index());
            return () -> new OfEngine(asked, told, counted);
        };
    }

    private record OfEngine(HeaderName asked, HeaderName told, Cell counted) implements HttpFilter {
        @Override
        public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
            if (headers.get(asked) != null) {
                counted.inc();
            }
            return Step.CONTINUE;
        }

        @Override
        public Step onResponseHeaders(Headers headers, boolean end, FilterContext context) {
            headers.set(told, GREETING);
            return Step.CONTINUE;
        }
    }

    /** Two lambdas. */
    static FilterFactory heads() {
        return factory(scope -> {
            Counter counted = scope.counter("greeted");
            return Filter.headers(
                    (request, stream) -> {
                        if (request.get(ASKED) != null) {
                            counted.increment();
                        }
                    },
                    (response, stream) -> response.set(TOLD, GREETING));
        });
    }

    /** Callbacks. */
    static FilterFactory streaming() {
        return factory(scope -> {
            Counter counted = scope.counter("greeted");
            return Filter.streaming(() -> new OfApi(counted));
        });
    }

    private record OfApi(Counter counted) implements StreamHandler {
        @Override
        public dev.attache.filter.Step onRequestHeaders(
                dev.attache.filter.Headers headers, boolean end, StreamingContext stream) {
            if (headers.get(ASKED) != null) {
                counted.increment();
            }
            return dev.attache.filter.Step.CONTINUE;
        }

        @Override
        public dev.attache.filter.Step onResponseHeaders(
                dev.attache.filter.Headers headers, boolean end, StreamingContext stream) {
            headers.set(TOLD, GREETING);
            return dev.attache.filter.Step.CONTINUE;
        }
    }

    private static FilterFactory factory(FilterPlan plan) {
        return new FilterFactory() {
            @Override
            public String name() {
                return "dev.attache.bench";
            }

            @Override
            public FilterPlan configure(Settings settings) {
                return plan;
            }
        };
    }
}
