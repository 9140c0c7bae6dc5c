//! One binary for all tests that look at Milepost from outside.

mod suite {
    mod accounts;
    mod adoption;
    mod before_the_merge;
    mod blind_spot;
    mod broken;
    mod cases;
    mod changes;
    mod changes_compared;
    mod changes_reasons;
    mod check;
    mod collect;
    mod command_line;
    mod contrast;
    mod drafts;
    mod estate;
    mod example;
    mod expressions;
    mod expressions_limits;
    mod expressions_world;
    mod ferries;
    mod folders;
    mod golden;
    mod hostile;
    mod hostile_tags;
    mod imports;
    mod interrupted;
    mod invariants;
    mod lesson;
    mod markup;
    mod mutilated;
    mod nights;
    mod people;
    mod portal;
    mod portals_compared;
    mod recognition;
    mod register;
    mod schemas;
    mod service_pages;
    mod shapes;
    mod summaries;
    mod tag_policies;
    mod tags;
    mod templates;
    mod tidy;
}
