package dev.attache.agent.onboard;

import dev.attache.agent.environment.FileFailures;
import dev.attache.agent.onboard.machine.Journal;
import dev.attache.agent.onboard.machine.Journal.Entry;
import dev.attache.agent.onboard.machine.Journal.Kind;
import dev.attache.agent.onboard.machine.Undoing;
import dev.attache.agent.onboard.start.StartCommand;
import dev.attache.agent.onboard.start.StartSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code attache leave}: undoes what the journal of {@code attache onboard} says and nothing else.
 * Redirection goes first, so that traffic does not wait for an agent that ends; then the agent is
 * asked to end, which lets it drain. The control plane is told nothing: it sees the connection
 * close. Used once, by one thread.
 */
public final class LeaveCommand {
    private static final Duration DRAINING = Duration.ofSeconds(60);
    private static final String HELP =
            """
            Usage: attache leave [--root DIR] [--dry-run]

            Undoes `attache onboard`: takes redirection away, asks the agent to end, disables the
            unit, removes the files that were written, puts back those that stood there before.
            Files that somebody changed in between stay and are named.

            Exit codes: 0 done (also where nothing was to be undone), 2 usage, 3 not root, 20 files,
            21 interception, 22 unit, 23 the agent does not end.
            """;

    private final PrintStream out;
    private final PrintStream err;
    private final Path root;
    private final boolean image;

    private LeaveCommand(PrintStream out, PrintStream err, String root) {
        this.out = out;
        this.err = err;
        this.image = !root.isEmpty();
        this.root = Path.of(image ? root : "/");
    }

    /** Runs it and returns the exit code. */
    public static int run(List<String> arguments, PrintStream out, PrintStream err) {
        String root = "";
        boolean dry = false;
        for (int i = 0; i < arguments.size(); i++) {
            String word = arguments.get(i);
            if (word.equals("--help") || word.equals("-h")) {
                out.print(HELP);
                return ExitCodes.DONE;
            } else if (word.equals("--dry-run")) {
                dry = true;
            } else if (word.startsWith("--root=")) {
                root = word.substring("--root=".length());
            } else if (word.equals("--root") && i + 1 < arguments.size()) {
                root = arguments.get(++i);
            } else {
                err.println("Error: \"" + word + "\" is no flag of leave");
                err.print(HELP);
                return ExitCodes.USAGE;
            }
        }
        LeaveCommand command = new LeaveCommand(out, err, root);
        try {
            return command.run(dry);
        } catch (OnboardException e) {
            err.println("Error: " + e.getMessage());
            return e.exitCode();
        } catch (IOException e) {
            err.println(
                    "Error: "
                            + FileFailures.words(e)
                            + "; run `attache leave` again when that is mended");
            return ExitCodes.FILES;
        }
    }

    private int run(boolean dry) throws IOException, OnboardException {
        Journal journal = Journal.of(root);
        if (journal.isEmpty()) {
            out.println("Nothing was onboarded here: there is no journal below " + root);
            return ExitCodes.DONE;
        }
        if (dry) {
            for (Entry entry : journal.entries().reversed()) {
                out.println("Would be undone: " + entry.kind() + " " + entry.subject());
            }
            return ExitCodes.DONE;
        }
        if (!image) {
            if (!System.getProperty("user.name", "").equals("root")) {
                throw new OnboardException(
                        ExitCodes.RIGHTS, "leaving removes the system's files: run it as root");
            }
            out.println(
                    "Leaving: traffic first, then the agent, which may drain for up to a minute.");
            redirection(journal);
            agent(journal);
        }
        List<String> kept = new Undoing(root, journal).files();
        if (!image && Unit.available()) {
            Unit.reload();
        }
        kept.forEach(line -> out.println("kept: " + line));
        out.println(
                "This machine has left the mesh. A WorkloadEntry that istiod made for it goes by itself.");
        return ExitCodes.DONE;
    }

    private void redirection(Journal journal) throws IOException, OnboardException {
        Entry entry = journal.find(Kind.INTERCEPTION, "rules");
        if (entry == null) {
            return;
        }
        Map<String, String> environment = new LinkedHashMap<>(System.getenv());
        environment.putAll(StartSettings.ofAgent(root));
        int code = StartCommand.quietly(List.of("--cleanup-only"), environment, err);
        if (code != 0) {
            throw new OnboardException(
                    ExitCodes.INTERCEPTION,
                    "redirection could not be taken away (see above); nothing else was undone");
        }
        journal.forget(entry);
        out.println("Traffic is no longer redirected.");
    }

    private void agent(Journal journal) throws OnboardException {
        Entry unit = journal.find(Kind.UNIT, Unit.NAME);
        if (unit != null) {
            try {
                Unit.disable();
                journal.forget(unit);
            } catch (IOException e) {
                throw new OnboardException(ExitCodes.UNIT, String.valueOf(e.getMessage()));
            }
        }
        if (!RunningAgent.stop(DRAINING)) {
            throw new OnboardException(
                    ExitCodes.AGENT,
                    "the agent was asked to end and still runs after 60 s: end it, then run this"
                            + " again");
        }
        out.println("No agent runs here.");
    }
}
