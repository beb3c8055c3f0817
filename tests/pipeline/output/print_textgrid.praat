# Prints every interval of every tier of a TextGrid: tier, name, xmin, xmax, label.
form Print
    sentence File
endform
grid = Read from file: file$
n_tiers = Get number of tiers
for tier to n_tiers
    name$ = Get tier name: tier
    n = Get number of intervals: tier
    for i to n
        xmin = Get start time of interval: tier, i
        xmax = Get end time of interval: tier, i
        label$ = Get label of interval: tier, i
        appendInfoLine: tier, tab$, name$, tab$, fixed$ (xmin, 6), tab$, fixed$ (xmax, 6), tab$, label$
    endfor
endfor
