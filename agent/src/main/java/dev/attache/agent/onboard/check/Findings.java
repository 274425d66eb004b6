package dev.attache.agent.onboard.check;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Prints what was found as it is found. One thread. */
public final class Findings {
    private final PrintStream out;
    private final Map<String, String> names = new LinkedHashMap<>();
    private final List<String> doubts = new ArrayList<>();

    public Findings(PrintStream out) {
        this.out = out;
    }

    /** It is as it should be. */
    void good(Subject subject, String what) {
        line("ok", subject, what);
    }

    /** It may be wrong; if something fails later, this may be why. */
    void doubt(Subject subject, String what) {
        doubts.add(what);
        line("note", subject, what);
    }

    /** It was not looked at. */
    void skipped(Subject subject, String why) {
        line("-", subject, why);
    }

    /** Something is wrong. */
    public void failed(CheckFailure failure) {
        line("WRONG", failure.subject(), failure.getMessage());
        out.println("      what to do: " + shown(failure.remedy()));
        for (String doubt : doubts) {
            out.println("      look at this, too: " + shown(doubt));
        }
        out.flush();
    }

    /**
     * The files are looked at in a directory that will be gone: what is said names the file that
     * was given, or the place where it will be. The first name that is found counts.
     */
    public void rename(String path, String said) {
        names.put(path, said);
    }

    private String shown(String what) {
        String text = what;
        for (Map.Entry<String, String> name : names.entrySet()) {
            text = text.replace(name.getKey(), name.getValue());
        }
        return text;
    }

    private void line(String verdict, Subject subject, String what) {
        out.printf("%-5s %-11s %s%n", verdict, subject.label(), shown(what));
        out.flush();
    }
}
