package dev.attache.proxy.accesslog;

import dev.attache.proxy.stream.format.FormatContext;

/** A sink behind a filter. */
public record FilteredAccessLog(AccessLogFilter filter, AccessLog sink) implements AccessLog {

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
