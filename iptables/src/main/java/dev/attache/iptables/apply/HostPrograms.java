package dev.attache.iptables.apply;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Starts real processes from the calling thread, so that they run in its network namespace. Output
 * is drained on a second thread. Stateless.
 */
public final class HostPrograms implements Programs {
    @Override
    public Answer run(List<String> command, String input, Map<String, String> environment)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        Process process = builder.start();
        Drain errors = new Drain(process.getErrorStream());
        errors.start();
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            errors.note("standard input closed early: " + e.getMessage());
        }
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            int exit = process.waitFor();
            errors.join();
            return new Answer(exit, out, errors.text());
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + command.getFirst() + " ran", e);
        }
    }

    /** Reads one stream to its end. */
    private static final class Drain extends Thread {
        private final InputStream stream;
        private volatile String text = "";
        private volatile String note = "";

        Drain(InputStream stream) {
            super("drain");
            this.stream = stream;
            setDaemon(true);
        }

        @Override
        public void run() {
            try {
                text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        void note(String what) {
            note = what;
        }

        String text() {
            return note.isEmpty() || !text.isEmpty() ? text : note;
        }
    }
}
