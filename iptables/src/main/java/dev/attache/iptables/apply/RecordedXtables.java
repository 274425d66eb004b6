package dev.attache.iptables.apply;

import dev.attache.iptables.rules.Family;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The dry run: runs nothing, answers every call with success and no output, and keeps a line per
 * command, or the lines of its input where it has one. Used by one thread.
 */
public final class RecordedXtables implements Xtables {
    private final List<String> lines = new ArrayList<>();

    @Override
    public boolean has(Family family) {
        return true;
    }

    @Override
    public boolean nftBased(Family family) {
        return false;
    }

    @Override
    public boolean recordsOnly() {
        return true;
    }

    @Override
    public String name(Family family, Tool tool) {
        return family.command() + tool.suffix();
    }

    @Override
    public Programs.Answer run(Family family, Tool tool, String input, List<String> arguments) {
        if (input.isEmpty()) {
            List<String> words = new ArrayList<>(List.of(name(family, tool)));
            words.addAll(arguments);
            lines.add(String.join(" ", words));
        } else {
            input.lines().forEach(lines::add);
        }
        return new Programs.Answer(0, "", "");
    }

    /** Everything recorded, each line ended. */
    public String text() {
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }

    /**
     * Writes the recording, as {@code DRY_RUN_FILE_PATH} asks.
     *
     * @throws IOException if the file cannot be written
     */
    public void writeTo(Path file) throws IOException {
        Files.writeString(file, text(), StandardCharsets.UTF_8);
    }
}
