package dev.attache.agent.onboard.check;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Prints what was found as it is found. One thread. */
public final class Findings {
    private final PrintStream out;
    private String hidden = "";
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
        out.println("      what to do: " + failure.remedy());
        for (String doubt : doubts) {
            out.println("      look at this, too: " + doubt);
        }
        out.flush();
    }

    /** The files are looked at in a directory that will be gone: what is said names their place. */
    public void hide(String directory) {
        hidden = directory;
    }

    private String shown(String what) {
        return hidden.isEmpty() ? what : what.replace(hidden, "");
    }

    private void line(String verdict, Subject subject, String what) {
        out.printf("%-5s %-11s %s%n", verdict, subject.label(), shown(what));
        out.flush();
    }
}
