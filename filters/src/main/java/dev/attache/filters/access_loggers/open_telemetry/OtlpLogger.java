package dev.attache.filters.access_loggers.open_telemetry;

import dev.attache.filters.access_loggers.EntryBuffer;
import dev.attache.filters.wire.MessageWriter;
import dev.attache.proxy.accesslog.AccessLogScope;
import dev.attache.proxy.call.CallOptions;
import dev.attache.proxy.call.grpc.GrpcCalls;
import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.worker.Timer;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;

/**
 * The records of one worker on their way to a collector: gathered until there are enough of them or
 * the oldest has waited long enough, then exported with a call of their own. A batch whose call
 * fails is lost and counted; nothing else is ever dropped. Loop-confined.
 */
final class OtlpLogger {

    /** Of {@code ExportLogsServiceRequest}. */
    private static final int RESOURCE_LOGS = 1;

    /** Of {@code ResourceLogs}. */
    private static final int RESOURCE = 1;

    private static final int SCOPE_LOGS = 2;

    /** Of {@code ScopeLogs}. */
    private static final int LOG_RECORDS = 2;

    private final WorkerContext worker;
    private final OtlpLogSettings settings;
    private final OtlpExporter exporter;
    private final EntryBuffer records = new EntryBuffer(LOG_RECORDS);
    private boolean closed;

    private final Timer timer =
            new Timer() {
                @Override
                protected void expire() {
                    flush();
                }
            };

    OtlpLogger(AccessLogScope scope, OtlpLogSettings settings) {
        this.worker = scope.worker();
        this.settings = settings;
        Scope stats =
                scope.stats()
                        .scope("access_logs.open_telemetry_access_log." + settings.statPrefix());
        Cell written = stats.counter("logs_written").cell(worker.index());
        Cell dropped = stats.counter("logs_dropped").cell(worker.index());
        OtlpExporter.Counts counts = new OtlpExporter.Counts(written, dropped);
        this.exporter =
                settings.http() == null
                        ? new OtlpExporter.OverGrpc(
                                new GrpcCalls(scope.calls(), worker.allocator()),
                                settings,
                                CallOptions.DEFAULT.report().retry(settings.retry()),
                                counts)
                        : new OtlpExporter.OverHttp(scope.calls(), settings.http(), counts);
    }

    void log(OtlpRecord form, FormatContext entry) {
        records.add(form, entry);
        if (closed || records.bytes() >= settings.bufferBytes()) {
            flush();
        } else if (!timer.armed()) {
            worker.timers().schedule(timer, settings.flushMillis());
        }
    }

    /** Sends what waits. */
    void flush() {
        timer.cancel();
        if (records.count() == 0) {
            return;
        }
        int sending = records.count();
        ByteBuf message = message();
        records.clear();
        exporter.export(message, sending);
    }

    private ByteBuf message() {
        MessageWriter whole =
                new MessageWriter(records.written().size() + 32 + settings.resource().length);
        int ofResource = whole.begin(RESOURCE_LOGS);
        whole.content(RESOURCE, settings.resource());
        int scope = whole.begin(SCOPE_LOGS);
        whole.fields(records.written());
        whole.end(scope);
        whole.end(ofResource);
        return whole.handOver();
    }

    /** What waits is sent; what is logged later goes at once. */
    void close() {
        closed = true;
        flush();
    }
}
