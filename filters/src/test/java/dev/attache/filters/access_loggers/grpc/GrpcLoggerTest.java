package dev.attache.filters.access_loggers.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.wire.HeldCalls;
import dev.attache.filters.wire.MessageWriter;
import dev.attache.filters.wire.Nobody;
import dev.attache.proxy.accesslog.AccessLogScope;
import dev.attache.proxy.call.ScopedCalls;
import dev.attache.proxy.call.grpc.GrpcService;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.worker.WorkerContext;
import dev.attache.testkit.filter.proxy.TestWorker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What waits for a log service that takes nothing. */
final class GrpcLoggerTest {

    private static final int HTTP_LOGS = 2;
    private static final int ENTRY = 10_000;

    private final TestWorker worker = new TestWorker(1);
    private final StatsStore stats = new StatsStore();
    private final HeldCalls calls = new HeldCalls();

    /** An entry of some length. */
    private record Sized(boolean bounded) implements LoggedEntry {
        @Override
        public void write(MessageWriter out, FormatContext entry) {
            out.content(1, new byte[ENTRY]);
        }
    }

    private GrpcLogger logger(long bufferBytes) {
        AccessLogScope scope =
                new AccessLogScope() {
                    @Override
                    public WorkerContext worker() {
                        return worker;
                    }

                    @Override
                    public ScopedCalls calls() {
                        return calls;
                    }

                    @Override
                    public StatsStore stats() {
                        return stats;
                    }

                    @Override
                    public void whenDrained(Runnable release) {
                        throw new AssertionError("a logger is closed by its owner");
                    }
                };
        return new GrpcLogger(
                scope,
                new GrpcLogSettings(
                        GrpcService.of("als", 0), null, 1_000, bufferBytes, new byte[0]),
                HTTP_LOGS);
    }

    private long counted(String name) {
        return stats.counter("access_logs.grpc_access_log." + name).value();
    }

    @AfterEach
    void close() {
        worker.close();
    }

    @Test
    void entriesOfHttpWaitUpToTheBuffer() {
        GrpcLogger logger = logger(25_000);
        calls.full = true;
        for (int i = 0; i < 5; i++) {
            logger.log(new Sized(true), Nobody.context());
        }
        assertThat(counted("logs_written")).isEqualTo(3);
        assertThat(counted("logs_dropped")).isEqualTo(2);
        calls.made.getFirst().drain();
        worker.advance(1_000);
        assertThat(calls.made.getFirst().sent).hasSize(1);
        assertThat(calls.made.getFirst().sent.getFirst()).hasSizeGreaterThan(3 * ENTRY);
        logger.close();
    }

    @Test
    void thoseOfConnectionsAndWithoutABufferWaitUpToABound() {
        for (Sized form : new Sized[] {new Sized(false), new Sized(true)}) {
            long before = counted("logs_dropped");
            GrpcLogger logger = logger(form.bounded() ? 0 : 25_000);
            calls.full = true;
            int most = (int) ((GrpcLogger.MOST_BYTES + (form.bounded() ? 0 : 25_000)) / ENTRY) + 1;
            for (int i = 0; i < most + 7; i++) {
                logger.log(form, Nobody.context());
            }
            assertThat(counted("logs_dropped") - before).isEqualTo(7);
            calls.made.getLast().drain();
            logger.log(form, Nobody.context());
            assertThat(counted("logs_dropped") - before).isEqualTo(7);
            assertThat(calls.made.getLast().sent).isNotEmpty();
            logger.close();
        }
    }

    @Test
    void whatCannotBeSentAtTheEndIsCountedAndTheStreamGivenUp() {
        GrpcLogger logger = logger(1);
        logger.log(new Sized(true), Nobody.context());
        HeldCalls.Held call = calls.made.getFirst();
        assertThat(call.sent).hasSize(1);
        call.fill();
        logger.log(new Sized(true), Nobody.context());
        logger.close();
        assertThat(counted("logs_dropped")).isEqualTo(1);
        assertThat(call.ended).isTrue();
        worker.advance(4_000);
        assertThat(call.cancelled).isFalse();
        worker.advance(2_000);
        assertThat(call.cancelled).isTrue();
        assertThat(worker.timers().pending()).isZero();
    }
}
