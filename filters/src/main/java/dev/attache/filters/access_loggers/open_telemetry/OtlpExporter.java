package dev.attache.filters.access_loggers.open_telemetry;

import dev.attache.filters.wire.Nobody;
import dev.attache.filters.wire.OtlpHttp;
import dev.attache.proxy.call.CallOptions;
import dev.attache.proxy.call.HttpService;
import dev.attache.proxy.call.UpstreamCalls;
import dev.attache.proxy.call.grpc.GrpcAnswer;
import dev.attache.proxy.call.grpc.GrpcCalls;
import dev.attache.proxy.call.grpc.GrpcOutcome;
import dev.attache.proxy.call.grpc.GrpcService;
import dev.attache.proxy.stats.Cell;
import io.netty.buffer.ByteBuf;
import java.util.Objects;

/** How batches get to a collector. Loop-confined. */
sealed interface OtlpExporter {

    /**
     * Sends a batch.
     *
     * @param message an {@code ExportLogsServiceRequest}; takes ownership
     * @param records how many there are in it
     */
    void export(ByteBuf message, int records);

    /** What became of records. */
    record Counts(Cell written, Cell dropped) {}

    /** A unary call for each batch. */
    record OverGrpc(GrpcCalls calls, OtlpLogSettings settings, CallOptions options, Counts counts)
            implements OtlpExporter {

        private static final String METHOD =
                "opentelemetry.proto.collector.logs.v1.LogsService/Export";

        @Override
        public void export(ByteBuf message, int records) {
            GrpcService service = Objects.requireNonNull(settings.grpc(), "over gRPC");
            calls.unary(
                    service,
                    METHOD,
                    message,
                    Nobody.context(),
                    options,
                    new GrpcAnswer() {
                        @Override
                        public void onMessage(ByteBuf answer) {
                            long rejected = Math.min(records, OtlpAnswerWire.rejected(answer));
                            counts.dropped().add(rejected);
                            counts.written().add(records - rejected);
                        }

                        @Override
                        public void onFailure(GrpcOutcome status) {
                            counts.dropped().add(records);
                        }
                    });
        }
    }

    /** A request for each batch. */
    record OverHttp(UpstreamCalls calls, HttpService service, Counts counts)
            implements OtlpExporter {

        @Override
        public void export(ByteBuf message, int records) {
            OtlpHttp.post(
                    calls,
                    service,
                    message,
                    status -> (status == 200 ? counts.written() : counts.dropped()).add(records));
        }
    }
}
