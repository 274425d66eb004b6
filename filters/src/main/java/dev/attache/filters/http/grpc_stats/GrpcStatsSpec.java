package dev.attache.filters.http.grpc_stats;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Scope;
import java.util.HashMap;
import java.util.Map;

/** Counts gRPC requests by cluster: {@code cluster.<name>.grpc.{total,success,failure}}. */
record GrpcStatsSpec() implements HttpFilterSpec {

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        Cells cells = new Cells(scope);
        return () -> new Counting(cells);
    }

    /** The cells of one worker by stat name, made when first counted. */
    private static final class Cells {
        private final HttpFilterScope scope;
        private final Map<String, Cell> cells = new HashMap<>();

        Cells(HttpFilterScope scope) {
            this.scope = scope;
        }

        void count(String cluster, boolean success) {
            inc(cluster, "total");
            inc(cluster, success ? "success" : "failure");
        }

        private void inc(String cluster, String what) {
            cells.computeIfAbsent(
                            cluster + "." + what,
                            key -> {
                                Scope of =
                                        scope.stats()
                                                .store()
                                                .scope("cluster." + cluster + ".grpc.");
                                return of.counter(what).cell(scope.worker().index());
                            })
                    .inc();
        }
    }

    /** One stream: remembers whether it is gRPC and counts when its status is known. */
    private static final class Counting implements HttpFilter {
        private final Cells cells;
        private boolean grpc;

        Counting(Cells cells) {
            this.cells = cells;
        }

        @Override
        public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
            String type = headers.getOr(HeaderName.CONTENT_TYPE, "");
            grpc =
                    type.startsWith("application/grpc")
                            && (type.length() == 16 || type.charAt(16) == '+');
            return Step.CONTINUE;
        }

        @Override
        public Step onResponseHeaders(Headers headers, boolean end, FilterContext context) {
            if (end) {
                count(headers, context);
            }
            return Step.CONTINUE;
        }

        @Override
        public Step onResponseTrailers(Headers trailers, FilterContext context) {
            count(trailers, context);
            return Step.CONTINUE;
        }

        private void count(Headers last, FilterContext context) {
            String cluster = context.info().clusterObservabilityName;
            if (grpc && cluster != null) {
                cells.count(cluster, last.getLong(HeaderName.GRPC_STATUS) == 0);
            }
        }
    }
}
