package dev.attache.agent.environment;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** What is wrong with a file, in words: of some failures the JDK tells only the file. */
public final class FileFailures {

    private FileFailures() {}

    /** Which file it is and what is wrong with it. */
    public static String words(IOException e) {
        return switch (e) {
            case AccessDeniedException denied ->
                    denied.getFile() + " may not be read or written by this user";
            case NoSuchFileException missing -> missing.getFile() + " is not there";
            case FileSystemException failed when failed.getReason() != null ->
                    failed.getFile() + ": " + failed.getReason();
            default -> e.getMessage() == null ? e.toString() : e.getMessage();
        };
    }
}
