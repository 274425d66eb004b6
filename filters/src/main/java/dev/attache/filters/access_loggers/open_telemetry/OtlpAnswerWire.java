package dev.attache.filters.access_loggers.open_telemetry;

import com.google.protobuf.InvalidProtocolBufferException;
import io.netty.buffer.ByteBuf;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;

/** {@code ExportLogsServiceResponse}. Pure. */
final class OtlpAnswerWire {

    private OtlpAnswerWire() {}

    /** How many of the records a collector did not want; none where that cannot be read. */
    static long rejected(ByteBuf answer) {
        if (!answer.isReadable()) {
            return 0;
        }
        try {
            long rejected =
                    ExportLogsServiceResponse.parseFrom(answer.nioBuffer())
                            .getPartialSuccess()
                            .getRejectedLogRecords();
            return Math.max(0, rejected);
        } catch (InvalidProtocolBufferException e) {
            return 0;
        }
    }
}
