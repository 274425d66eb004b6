package dev.attache.console.top;

import dev.attache.console.admin.RefusedException;
import dev.attache.console.command.ExitCode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;

/**
 * The terminal: draws the screen, reads keys, looks when it is time. One thread; a change of the
 * window's size wakes it by a look at the size.
 */
final class LiveTop {

    /** How often keys and the window's size are looked after. */
    private static final long TURN_MILLIS = 100;

    private static final long ESCAPE_MILLIS = 50;

    /** A look takes at most this part of the time, however much the proxy has to look through. */
    private static final int SHARE = 10;

    /** Between a first look, which has no numbers, and the second one. */
    private static final Duration FIRST = Duration.ofMillis(500);

    private final Terminal terminal;
    private final Watch watch;
    private final TopScreen screen;
    private boolean stale = true;
    private int width;
    private int height;

    private LiveTop(Terminal terminal, Watch watch, Duration interval) {
        this.terminal = terminal;
        this.watch = watch;
        this.screen = new TopScreen(watch, interval);
    }

    /**
     * Runs until somebody quits; what to exit with.
     *
     * @throws IOException where there is no terminal, or the first look fails
     */
    static int run(Watch watch, Duration interval) throws IOException {
        watch.look();
        try (Terminal terminal =
                TerminalBuilder.builder().system(true).dumb(false).provider("ffm").build()) {
            return on(terminal, watch, interval);
        }
    }

    /** As {@link #run}, on a terminal that is there. */
    static int on(Terminal terminal, Watch watch, Duration interval) throws IOException {
        return new LiveTop(terminal, watch, interval).live();
    }

    private int live() throws IOException {
        Attributes before = terminal.enterRawMode();
        terminal.puts(Capability.enter_ca_mode);
        terminal.puts(Capability.cursor_invisible);
        try {
            loop();
            return ExitCode.DONE;
        } finally {
            terminal.puts(Capability.cursor_visible);
            terminal.puts(Capability.exit_ca_mode);
            terminal.flush();
            terminal.setAttributes(before);
        }
    }

    private void loop() throws IOException {
        NonBlockingReader keys = terminal.reader();
        // The first numbers soon, and not after a whole interval.
        long next = System.nanoTime() + FIRST.toNanos();
        while (!screen.isOver()) {
            draw();
            int key = key(keys);
            if (key != NonBlockingReader.READ_EXPIRED) {
                stale = true;
                if (key == NonBlockingReader.EOF) {
                    return;
                }
                next = screen.press(key) ? System.nanoTime() : next;
            }
            if (!screen.isPaused() && System.nanoTime() - next >= 0) {
                long began = System.nanoTime();
                Duration wait = look() ? screen.interval() : FIRST;
                long now = System.nanoTime();
                next = now + Math.max(wait.toNanos(), SHARE * (now - began));
            }
        }
    }

    /** Whether there are numbers now, or were: a first look has none. */
    private boolean look() throws IOException {
        stale = true;
        try {
            boolean numbers = watch.look();
            screen.problem("");
            return numbers;
        } catch (RefusedException e) {
            throw e;
        } catch (IOException e) {
            // It may be restarting: the last numbers stay, with what is wrong above them.
            screen.problem(String.valueOf(e.getMessage()));
            return true;
        }
    }

    private static int key(NonBlockingReader keys) throws IOException {
        int key = keys.read(TURN_MILLIS);
        if (key != TopScreen.ESCAPE) {
            return key;
        }
        int second = keys.read(ESCAPE_MILLIS);
        if (second != '[' && second != 'O') {
            return TopScreen.ESCAPE;
        }
        int third = keys.read(ESCAPE_MILLIS);
        return switch (third) {
            case 'A' -> TopScreen.UP;
            case 'B' -> TopScreen.DOWN;
            case '5' -> page(keys, TopScreen.PAGE_UP);
            case '6' -> page(keys, TopScreen.PAGE_DOWN);
            default -> NonBlockingReader.READ_EXPIRED;
        };
    }

    /** Takes the tilde that ends it. */
    private static int page(NonBlockingReader keys, int key) throws IOException {
        return keys.read(ESCAPE_MILLIS) == '~' ? key : NonBlockingReader.READ_EXPIRED;
    }

    private void draw() {
        int nowWidth = Math.max(20, terminal.getWidth());
        int nowHeight = Math.max(4, terminal.getHeight());
        boolean resized = nowWidth != width || nowHeight != height;
        if (!stale && !resized) {
            return;
        }
        stale = false;
        if (resized) {
            terminal.puts(Capability.clear_screen);
        }
        width = nowWidth;
        height = nowHeight;
        List<String> lines = screen.lines(width, height);
        for (int i = 0; i < lines.size(); i++) {
            terminal.puts(Capability.cursor_address, i, 0);
            terminal.writer().print(lines.get(i));
            terminal.puts(Capability.clr_eol);
        }
        terminal.puts(Capability.clr_eos);
        terminal.flush();
    }
}
