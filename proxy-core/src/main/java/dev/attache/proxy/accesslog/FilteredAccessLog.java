package dev.attache.proxy.accesslog;

import dev.attache.proxy.stream.format.FormatContext;

/** A sink behind a filter. */
public record FilteredAccessLog(AccessLogFilter filter, AccessLogSpec sink)
        implements AccessLogSpec {

    @Override
    public AccessLog open(AccessLogScope scope) {
        return new Opened(filter, sink.open(scope));
    }

    @Override
    public boolean isForAnyThread() {
        return sink.isForAnyThread();
    }

    private record Opened(AccessLogFilter filter, AccessLog sink) implements AccessLog {

        @Override
        public void log(FormatContext entry) {
            if (filter.accepts(entry)) {
                sink.log(entry);
            }
        }

        @Override
        public String name() {
            return sink.name();
        }

        @Override
        public void flush() {
            sink.flush();
        }
    }
}
