package io.yima.codes;

import java.sql.Connection;
import java.util.List;

/**
 * WeChat made the codes of these applications. Fired as a synchronous CDI event inside the
 * transaction that stores it, so that rooms above can add rows of their own; what an observer
 * throws undoes all of it.
 *
 * @param connection of that transaction, which may be a worker's or a request's
 */
public record ApplicationsFinished(Connection connection, List<CodeApplication> applications) {

  public ApplicationsFinished {
    applications = List.copyOf(applications);
  }
}
