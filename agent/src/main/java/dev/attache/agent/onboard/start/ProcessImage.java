package dev.attache.agent.onboard.start;

import dev.attache.agent.libc.LibcFunction;
import dev.attache.agent.onboard.machine.Account;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Makes this process another program, as a shell's {@code exec} does: same number, same parent,
 * another user if asked for. Used once, when nothing else is under way.
 *
 * <p>Source: execve(2), setgroups(2), setegid(2), setresgid(2), setresuid(2), open(2), dup2(2),
 * close_range(2).
 */
final class ProcessImage {
    private static final int APPEND = 0x1 | 0x40 | 0x400; // O_WRONLY, O_CREAT, O_APPEND
    private static final int LOG_MODE = 0x1A4; // 0644
    private static final int FIRST_FILE = 3;
    private static final int CLOSE_AT_EXEC = 4;

    private final Arena memory = Arena.ofConfined();

    /** Takes another user, for good; root may. */
    void become(Account account) throws IOException {
        MemorySegment group = memory.allocateFrom(ValueLayout.JAVA_INT, account.group());
        number("setgroups", "take the groups of " + account.group(), 1L, group);
        ids("setresgid", account.group());
        ids("setresuid", account.user());
    }

    /** The group that this process acts for. */
    int group() throws IOException {
        return number("getegid", "know its group");
    }

    /** Acts for a group from now on, with all threads; root may. */
    void actFor(int group) throws IOException {
        number("setegid", "act for the group " + group, group);
    }

    /** Sends what is written to a stream (1 or 2) to the end of a file. */
    void append(int stream, Path file) throws IOException {
        MemorySegment name = memory.allocateFrom(file.toString());
        int opened = number("open", "write to " + file, name, APPEND, LOG_MODE);
        number("dup2", "write to " + file, opened, stream);
    }

    /** Becomes the program; comes back only with an exception. */
    void replace(List<String> command, Map<String, String> environment) throws IOException {
        MemorySegment arguments = texts(command);
        MemorySegment variables =
                texts(
                        environment.entrySet().stream()
                                .map(each -> each.getKey() + "=" + each.getValue())
                                .toList());
        number("close_range", "keep files to itself", FIRST_FILE, Integer.MAX_VALUE, CLOSE_AT_EXEC);
        MemorySegment program = memory.allocateFrom(command.getFirst());
        number("execve", "start " + command.getFirst(), program, arguments, variables);
    }

    private MemorySegment texts(List<String> texts) {
        MemorySegment pointers = memory.allocate(ValueLayout.ADDRESS, texts.size() + 1L);
        for (int i = 0; i < texts.size(); i++) {
            pointers.setAtIndex(ValueLayout.ADDRESS, i, memory.allocateFrom(texts.get(i)));
        }
        pointers.setAtIndex(ValueLayout.ADDRESS, texts.size(), MemorySegment.NULL);
        return pointers;
    }

    private void ids(String function, int id) throws IOException {
        number(function, "take the number " + id, id, id, id);
    }

    private static int number(String name, String what, Object... arguments) throws IOException {
        MemoryLayout[] layouts = new MemoryLayout[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            layouts[i] =
                    switch (arguments[i]) {
                        case Integer ignored -> ValueLayout.JAVA_INT;
                        case Long ignored -> ValueLayout.JAVA_LONG;
                        default -> ValueLayout.ADDRESS;
                    };
        }
        LibcFunction function =
                name.equals("open")
                        ? LibcFunction.variadic(name, 2, layouts)
                        : LibcFunction.of(name, layouts);
        try {
            return function.call(arguments);
        } catch (IOException e) {
            throw new IOException("cannot " + what + ": " + e.getMessage(), e);
        }
    }
}
