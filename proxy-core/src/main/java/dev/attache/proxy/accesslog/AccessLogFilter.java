package dev.attache.proxy.accesslog;

import dev.attache.proxy.http.HeaderMatcher;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stream.ResponseFlag;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.stream.format.FormatContext.AccessLogType;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** {@code envoy.config.accesslog.v3.AccessLogFilter}, compiled. Immutable, any thread. */
public sealed interface AccessLogFilter {

    boolean accepts(FormatContext entry);

    /** {@code extension_filter}: what an extension decides. */
    @FunctionalInterface
    non-sealed interface Extension extends AccessLogFilter {}

    /** {@code EQ}, {@code GE}, {@code LE} and {@code NE} of ComparisonFilter. */
    enum Comparison {
        EQ,
        GE,
        LE,
        NE;

        boolean test(long left, long right) {
            return switch (this) {
                case EQ -> left == right;
                case GE -> left >= right;
                case LE -> left <= right;
                case NE -> left != right;
            };
        }
    }

    record StatusCode(Comparison comparison, long value) implements AccessLogFilter {
        @Override
        public boolean accepts(FormatContext entry) {
            return comparison.test(entry.info().responseCode(), value);
        }
    }

    /** Until the end of the stream, or until now where it has not ended: local replies. */
    record Duration(Comparison comparison, long millis) implements AccessLogFilter {
        @Override
        public boolean accepts(FormatContext entry) {
            long end = entry.info().endNanos;
            long until = end == -1 ? System.nanoTime() : end;
            return comparison.test((until - entry.info().startNanos()) / 1_000_000, millis);
        }
    }

    record NotHealthCheck() implements AccessLogFilter {
        @Override
        public boolean accepts(FormatContext entry) {
            return !entry.info().healthCheck;
        }
    }

    /** Nothing is traced without a tracer, so nothing is traceable. */
    record Traceable() implements AccessLogFilter {
        @Override
        public boolean accepts(FormatContext entry) {
            return entry.info().traced;
        }
    }

    /** {@code numerator} of {@code denominator} streams, by x-request-id or independently. */
    record Sampled(long numerator, long denominator, boolean independent)
            implements AccessLogFilter {
        @Override
        public boolean accepts(FormatContext entry) {
            long random =
                    independent || entry.info().random == 0
                            ? ThreadLocalRandom.current().nextLong()
                            : entry.info().random;
            return Long.remainderUnsigned(random, denominator) < numerator;
        }
    }

    record And(List<AccessLogFilter> filters) implements AccessLogFilter {
        @Override
        public boolean accepts(FormatContext entry) {
            for (AccessLogFilter filter : filters) {
                if (!filter.accepts(entry)) {
                    return false;
                }
            }
            return true;
        }
    }

    record Or(List<AccessLogFilter> filters) implements AccessLogFilter {
        @Override
        public boolean accepts(FormatContext entry) {
            for (AccessLogFilter filter : filters) {
                if (filter.accepts(entry)) {
                    return true;
                }
            }
            return false;
        }
    }

    record Header(HeaderMatcher matcher) implements AccessLogFilter {
        @Override
        public boolean accepts(FormatContext entry) {
            Headers headers = entry.requestHeaders();
            return matcher.matches(headers != null ? headers : new Headers(MessagePart.NONE, 0, 1));
        }
    }

    /** Any of these flags; an empty set means any flag at all. */
    record Flags(Set<ResponseFlag> flags) implements AccessLogFilter {
        @Override
        public boolean accepts(FormatContext entry) {
            if (flags.isEmpty()) {
                return entry.info().hasAnyFlag();
            }
            for (ResponseFlag flag : flags) {
                if (entry.info().hasFlag(flag)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** gRPC status by number; {@code exclude} turns it round. */
    record GrpcStatus(Set<Integer> statuses, boolean exclude) implements AccessLogFilter {
        @Override
        public boolean accepts(FormatContext entry) {
            return statuses.contains(status(entry)) != exclude;
        }

        private static int status(FormatContext entry) {
            for (Headers headers :
                    new Headers[] {entry.responseTrailers(), entry.responseHeaders()}) {
                long status = headers == null ? -1 : headers.getLong(HeaderName.GRPC_STATUS);
                if (status >= 0) {
                    return (int) status;
                }
            }
            return dev.attache.proxy.http.grpc.GrpcStatus.ofHttp(entry.info().responseCode());
        }
    }

    record LogType(Set<AccessLogType> types, boolean exclude) implements AccessLogFilter {
        @Override
        public boolean accepts(FormatContext entry) {
            return types.contains(entry.accessLogType()) != exclude;
        }
    }

    record DynamicMetadata(
            String namespace, List<String> path, MetadataTest test, boolean matchIfMissing)
            implements AccessLogFilter {

        /** A compiled {@code ValueMatcher}. */
        @FunctionalInterface
        public interface MetadataTest {
            boolean matches(MetadataValue value);
        }

        @Override
        public boolean accepts(FormatContext entry) {
            MetadataValue value = entry.info().dynamicMetadata().get(namespace, path);
            return value == null ? matchIfMissing : test.matches(value);
        }
    }
}
