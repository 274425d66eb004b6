package dev.attache.proxy.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.proxy.log.LineLog;
import dev.attache.proxy.stats.StatsStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that take no lines: they cost their lines and nothing else. */
class LogFilesTest {

    private static final String LINE = "x".repeat(1023);

    @TempDir Path directory;

    private final StatsStore stats = new StatsStore();
    private final LogFiles files = new LogFiles(stats, 10, 64);

    @AfterEach
    void close() {
        files.close();
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(5);
        }
    }

    private Path fifo() throws IOException, InterruptedException {
        Path path = directory.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor()).isZero();
        return path;
    }

    private long failed() {
        return stats.counter("filesystem.write_failed").value();
    }

    private long buffered() {
        return stats.gauge("filesystem.write_total_buffered").value();
    }

    @Test
    void whatIsNoNameOfAFileCannotBeOpened() {
        assertThatThrownBy(() -> files.openLines("/tmp/a\0b"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("unable to open file '/tmp/a\0b': Nul character");
    }

    @Test
    void whyAFileCannotBeOpenedIsSaidInWords() {
        assertThatThrownBy(() -> files.openLines(directory.toString()))
                .hasMessage("unable to open file '" + directory + "': Is a directory");
        Path missing = directory.resolve("not/there");
        assertThatThrownBy(() -> files.openLines(missing.toString()))
                .hasMessage("unable to open file '" + missing + "': No such file or directory");
    }

    @Test
    void oneThatOnlyLooksMakesNone() throws Exception {
        Path log = directory.resolve("access.log");
        Path missing = directory.resolve("not/there");
        try (LogFiles looking = LogFiles.looking(stats)) {
            looking.openLines(log.toString());
            assertThat(log).doesNotExist();
            assertThatThrownBy(() -> looking.openLines(missing.toString()))
                    .hasMessage("unable to open file '" + missing + "': No such file or directory");
            assertThatThrownBy(() -> looking.openLines(directory.toString()))
                    .hasMessageEndingWith(": Is a directory");
        }
    }

    @Test
    void aPipeWithoutReaderHoldsUpNobody() throws Exception {
        Path fifo = fifo();
        LineLog blocked = files.openLines(fifo.toString());
        Path plain = directory.resolve("plain.log");
        LineLog good = files.openLines(plain.toString());

        long lines = 0;
        while (failed() == 0) {
            blocked.append(LINE);
            lines++;
            assertThat(lines).isLessThan(64 * 1024);
        }
        assertThat(buffered()).isBetween(1L << 20, 40L << 20);
        long dropped = failed();
        blocked.append(LINE);
        assertThat(failed()).isEqualTo(dropped + 1);

        good.append("still written");
        await(() -> content(plain).equals("still written\n"));
        files.reopen();
        good.append("and again");
        await(() -> content(plain).endsWith("and again\n"));
    }

    @Test
    void whatWaitedInAPipeComesWhenSomebodyReads() throws Exception {
        Path fifo = fifo();
        LineLog log = files.openLines(fifo.toString());
        for (int i = 0; i < 1000; i++) {
            log.append(i + LINE);
        }
        try (BufferedReader reader = Files.newBufferedReader(fifo, StandardCharsets.ISO_8859_1)) {
            for (int i = 0; i < 1000; i++) {
                assertThat(reader.readLine()).isEqualTo(i + LINE);
            }
        }
        await(() -> buffered() == 0);
        assertThat(failed()).isZero();
    }

    @Test
    void theEndDoesNotWaitForAPipeThatNobodyReads() throws Exception {
        LineLog log = files.openLines(fifo().toString());
        for (int i = 0; i < 1000; i++) {
            log.append(LINE);
        }
        Thread closing = Thread.ofPlatform().start(files::close);
        assertThat(closing.join(java.time.Duration.ofSeconds(20))).isTrue();
    }

    @Test
    void aFullDiskIsCountedAndLeft() throws Exception {
        LineLog full = files.openLines("/dev/full");
        full.append("lost");
        await(() -> failed() == 1 && buffered() == 0);
        full.append("lost too");
        await(() -> failed() == 2 && buffered() == 0);
        assertThat(stats.counter("filesystem.write_completed").value()).isZero();
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }
}
