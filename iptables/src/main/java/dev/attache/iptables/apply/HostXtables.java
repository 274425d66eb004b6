package dev.attache.iptables.apply;

import dev.attache.iptables.rules.Family;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The host's own iptables programs. Legacy binaries take a file lock, which is waited for; in a CNI
 * plugin the pod's network namespace is the lock file, so that pods do not wait for each other.
 * Used by one thread.
 */
public final class HostXtables implements Xtables {
    private static final String WAIT = "--wait=30";
    private static final int[] LOCK_FILE_VARIABLE_SINCE = {1, 8, 6};
    private static final int[] RESTORE_WAITS_SINCE = {1, 6, 2};

    private final Programs programs;
    private final String lockFile;
    private final EnumMap<Family, XtablesBinary> binaries = new EnumMap<>(Family.class);

    /** What detection has just read, good for one look at the rules before anything changes. */
    private final EnumMap<Family, String> fresh = new EnumMap<>(Family.class);

    HostXtables(Programs programs, String lockFile) {
        this.programs = programs;
        this.lockFile = lockFile;
    }

    void use(Family family, XtablesBinary binary) {
        binaries.put(family, binary);
        fresh.put(family, binary.saved());
    }

    /** The set chosen for a family, null if none works. */
    public @Nullable XtablesBinary binary(Family family) {
        return binaries.get(family);
    }

    @Override
    public boolean has(Family family) {
        return binaries.containsKey(family);
    }

    @Override
    public boolean nftBased(Family family) {
        XtablesBinary binary = binaries.get(family);
        return binary != null && !binary.legacy();
    }

    @Override
    public boolean recordsOnly() {
        return false;
    }

    @Override
    public String name(Family family, Tool tool) {
        XtablesBinary binary = binaries.get(family);
        return (binary == null ? family.command() : binary.name()) + tool.suffix();
    }

    @Override
    public Programs.Answer run(Family family, Tool tool, String input, List<String> arguments) {
        XtablesBinary binary = binaries.get(family);
        if (binary == null) {
            return new Programs.Answer(127, "", "no working " + family.command() + " binary");
        }
        String saved = tool == Tool.SAVE ? fresh.remove(family) : null;
        if (saved != null) {
            return new Programs.Answer(0, saved, "");
        }
        if (tool != Tool.SAVE) {
            fresh.clear();
        }
        List<String> command = new ArrayList<>(List.of(name(family, tool)));
        command.addAll(arguments);
        Map<String, String> environment = Map.of();
        if (tool != Tool.SAVE && binary.legacy() && binary.atLeast(RESTORE_WAITS_SINCE)) {
            command.add(WAIT);
            if (!lockFile.isEmpty() && binary.atLeast(LOCK_FILE_VARIABLE_SINCE)) {
                environment = Map.of("XTABLES_LOCKFILE", lockFile);
            }
        }
        try {
            return programs.run(command, input, environment);
        } catch (IOException e) {
            return new Programs.Answer(127, "", String.valueOf(e.getMessage()));
        }
    }
}
