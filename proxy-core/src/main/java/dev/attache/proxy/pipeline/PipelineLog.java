package dev.attache.proxy.pipeline;

import dev.attache.proxy.log.ComponentLog;
import dev.attache.proxy.stream.StreamInfo;

/** What the component {@code http} says of filters, at trace. */
final class PipelineLog {

    private static final ComponentLog LOG = ComponentLog.HTTP;

    private PipelineLog() {}

    static void requestHeaders(StreamInfo info, String filter, Step step) {
        if (LOG.trace()) {
            LOG.trace(tags(info) + "decode headers called: filter=" + filter + " status=" + step);
        }
    }

    static void responseHeaders(StreamInfo info, String filter, Step step) {
        if (LOG.trace()) {
            LOG.trace(tags(info) + "encode headers called: filter=" + filter + " status=" + step);
        }
    }

    private static String tags(StreamInfo info) {
        return ComponentLog.tags(info.downstream().id(), info.random);
    }
}
