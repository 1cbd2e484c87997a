"""What a phone keeps: every way a visit could be lost, in a real Chromium.

The thirty ways, each with the tests that try it (test_phone_files.py sees that they exist):

1 saved without network; 2 reload; 3 browser killed and started again
    test_saving.test_saved_without_network_it_outlives_reload_and_an_empty_battery
4 answer lost after the commit; 6 two tabs
    test_sending.test_an_answer_lost_after_the_commit_and_two_senders_make_one_visit
5 one bad record in a batch; 16 a refused record mended and sent again under its number
    test_judging.test_a_refused_record_comes_back_and_blocks_nobody
    test_judging.test_somebody_new_whom_the_server_refused_is_mended_with_their_visit
7 a tab and the browser's own sync at once
    test_network.test_a_page_and_the_browsers_own_sync_at_once_send_once
    test_network.test_the_browser_sends_by_itself_when_every_page_is_closed
8 a hung socket, given up after fifteen seconds
    test_network.test_a_hung_network_is_given_up_after_fifteen_seconds_and_loses_nothing
9 a portal's page in place of ours; 10 500, 502, 503, 429
    test_sending.test_a_portal_and_a_failing_server_keep_everything
11 the sign-in ended (401)
    test_sending.test_a_sign_in_that_ended_keeps_the_visit_until_the_next_one
12 a role (403) or a membership taken
    test_judging.test_a_role_that_was_taken_keeps_the_visit_and_says_why
    test_judging.test_whoever_left_the_team_learns_why_and_how_to_go_on
13 another user on the phone
    test_sharing.test_another_users_visits_wait_unseen_and_go_under_their_own_name
14 sign-out with unsent visits, without and with network
    test_sharing.test_signing_out_asks_about_unsent_visits_and_takes_the_names_away
    test_sharing.test_signing_out_with_network_sends_first_or_keeps
15 the household moved, merged or gone meanwhile
    test_judging.test_a_household_that_changes_hands_is_judged_by_the_day_of_the_visit
    test_judging.test_a_visit_of_another_team_is_handed_over_to_its_leader
    test_judging.test_a_household_that_was_merged_meanwhile_is_visited_as_the_other
    test_judging.test_a_household_that_is_gone_sends_its_visit_back
17 the clock wrong by a day or a year; another time zone
    test_judging.test_a_wrong_clock_and_another_time_zone_are_told_not_refused
    test_judging.test_a_clock_years_behind_sends_the_visit_back_to_be_dated
18 records of an older version; 28 more than two hundred of them
    test_sending.test_weeks_of_work_of_an_old_version_are_sent_in_small_parts
19 a new version over a half-filled form
    test_sharing.test_a_new_version_waits_until_the_reader_wants_it
20 IndexedDB refused
    test_sharing.test_a_private_window_warns_and_sends_the_plain_form
21 no room left
    test_sharing.test_a_full_phone_says_so_and_keeps_the_form
22 no list yet; 23 a list older than a week
    test_sharing.test_a_list_that_is_missing_or_old_says_so
24 a draft, one a household, asked for; 25 two taps on Save
    test_saving.test_two_taps_on_save_are_one_visit_and_a_draft_is_asked_for
26 the sign-in renewed between save and send
    test_network.test_a_sign_in_renewed_between_save_and_send_changes_nothing
27 another site's page
    test_sending.test_another_sites_page_cannot_send
29 the language changed without network
    test_saving.test_the_language_changes_without_network
30 the storage emptied
    test_sharing.test_an_emptied_storage_is_told_to_the_reader_and_the_server

And a page that is only slow, and what comes late:
    test_network.test_a_page_that_is_only_slow_may_be_waited_for
    test_holding_still.test_the_kept_list_is_there_at_once_and_a_newer_one_moves_no_household

And two visits under one number, of which both are shown:
    test_judging.test_of_two_visits_under_one_number_both_are_shown_and_one_is_kept
    test_judging.test_a_visit_that_clashes_may_be_saved_under_a_number_of_its_own
"""
