package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/qiantu/qiantu/api"
	"github.com/qiantu/qiantu/data"
	"github.com/qiantu/qiantu/planner"
)

// console is the actor of what is done on the server itself, where whoever may read the database may do anything.
const console = "console"

// userCommand is one command line of `qiantu user`.
type userCommand struct {
	verb, login, role  string
	name, unit, region string
	noPassword, asJSON bool
}

// userWords says how many words follow each verb.
var userWords = map[string]int{"add": 1, "password": 1, "disable": 1, "enable": 1, "grant": 2, "revoke": 2, "list": 0, "sessions": 1, "end": 1}

func runUser(ctx context.Context, env environment, args []string) (err error) {
	set := flags(env, "user")
	c := storeFlags(set, env)
	u := &userCommand{}
	set.StringVar(&u.name, "name", "", "name of the person")
	set.StringVar(&u.unit, "unit", "", "bureau or township government")
	set.StringVar(&u.region, "region", "", "code of a township, county, prefecture or province, or *")
	set.BoolVar(&u.noPassword, "no-password", false, "nobody can sign in yet")
	set.BoolVar(&u.asJSON, "json", false, "for machines")
	words, err := parse(set, args)
	if err != nil {
		return err
	}
	if err := u.read(words); err != nil {
		return err
	}
	hash, err := u.hash(env)
	if err != nil {
		return err
	}
	o, err := c.open(ctx, env)
	if err != nil {
		return err
	}
	if err := u.run(ctx, env, o, hash); err != nil {
		return withClose(o, err)
	}
	return o.close()
}

// read takes the words of the command line.
func (u *userCommand) read(words []string) error {
	if len(words) == 0 {
		return usagef("say what to do: add, password, disable, enable, grant, revoke, list, sessions or end")
	}
	u.verb = words[0]
	want, known := userWords[u.verb]
	switch {
	case !known:
		return usagef("%q is none of add, password, disable, enable, grant, revoke, list, sessions, end", u.verb)
	case len(words) != want+1:
		return usagef("%s takes %d words, not %d; a password is never one of them", u.verb, want, len(words)-1)
	}
	if want > 0 {
		u.login = words[1]
	}
	if want > 1 {
		u.role = words[2]
		if !slices.Contains(planner.Roles, planner.Role(u.role)) {
			return usagef("role %q is none of viewer, leader, reporter, editor, planner, approver, admin", u.role)
		}
		if u.region == "" {
			return usagef("say with --region where, or --region '*' for everywhere")
		}
	}
	return nil
}

// hash reads the password where one is needed, before anything is opened.
func (u *userCommand) hash(env environment) (string, error) {
	if u.verb != "password" && (u.verb != "add" || u.noPassword) {
		return "", nil
	}
	if u.verb == "add" {
		if err := data.CheckLogin(u.login); err != nil {
			return "", err
		}
	}
	password, err := readPassword(env, u.login)
	if err != nil {
		return "", err
	}
	return api.HashPassword(password)
}

// run does what the command line says.
func (u *userCommand) run(ctx context.Context, env environment, o *opened, hash string) error {
	switch u.verb {
	case "add":
		return u.said(env, o.AddAccount(ctx, console, planner.NewAccount{Login: u.login, Name: u.name, Unit: u.unit, Hash: hash}),
			"%s has an account without any right; give one with: qiantu user grant %[1]s ROLE --region CODE")
	case "password":
		return u.said(env, o.ChangeAccount(ctx, console, u.login, 0, planner.AccountChange{Hash: &hash}, nil), "%s has a new password; all sessions have ended")
	case "disable", "enable":
		disabled := u.verb == "disable"
		return u.said(env, o.ChangeAccount(ctx, console, u.login, 0, planner.AccountChange{Disabled: &disabled}, nil), "%s is "+u.verb+"d")
	case "grant":
		return u.grant(ctx, env, o)
	case "revoke":
		g := planner.Grant{Role: planner.Role(u.role), Region: u.region}
		return u.said(env, o.TakeGrant(ctx, console, u.login, 0, g), "%s is "+u.role+" of "+u.region+" no more")
	case "sessions":
		return u.sessions(ctx, env, o)
	case "end":
		n, err := o.EndSessions(ctx, console, u.login)
		return u.said(env, err, fmt.Sprintf("%%s: %d sessions have ended", n))
	}
	return u.list(ctx, env, o)
}

// said tells of a deed that went well.
func (u *userCommand) said(env environment, err error, format string) error {
	if err == nil {
		fmt.Fprintf(env.stderr, format+"\n", u.login)
	}
	return err
}

func (u *userCommand) grant(ctx context.Context, env environment, o *opened) error {
	tree, err := o.Tree(ctx)
	if err != nil {
		return err
	}
	if u.region != planner.Everywhere && !tree.Knows(u.region) {
		return planner.Errorf(planner.NotFound, "--region %s is not stored; import the region first, or give '*' for everywhere", u.region)
	}
	g := planner.Grant{Role: planner.Role(u.role), Region: u.region}
	return u.said(env, o.GiveGrant(ctx, console, u.login, 0, g), "%s is "+u.role+" of "+u.region)
}

// userJSON is an account as `user list --json` prints it.
type userJSON struct {
	Login    string      `json:"login"`
	Name     string      `json:"name"`
	Unit     string      `json:"unit"`
	Disabled bool        `json:"disabled"`
	Password bool        `json:"password"`
	Sessions int         `json:"sessions"`
	Grants   []userGrant `json:"grants"`
}

type userGrant struct {
	Role   planner.Role `json:"role"`
	Region string       `json:"region"`
}

func (u *userCommand) list(ctx context.Context, env environment, o *opened) error {
	accounts, err := o.Accounts(ctx)
	if err != nil {
		return err
	}
	people, err := o.People(ctx, nil)
	if err != nil {
		return err
	}
	if u.asJSON {
		out := struct {
			Users []userJSON `json:"users"`
			Guest []string   `json:"guest"`
		}{Users: []userJSON{}, Guest: people.Guest}
		for _, a := range accounts {
			grants := []userGrant{}
			for _, g := range a.Grants {
				grants = append(grants, userGrant(g))
			}
			out.Users = append(out.Users, userJSON{a.Login, a.Name, a.Unit, a.Disabled, a.HasPassword, a.Sessions, grants})
		}
		return json.NewEncoder(env.stdout).Encode(out)
	}
	for _, a := range accounts {
		fmt.Fprintf(env.stdout, "%-20s %-40s %s%s\n", a.Login, grantText(a.Grants), a.Name, stateText(&a))
	}
	fmt.Fprintf(env.stdout, "%-20s may read %s\n", "guest", orNothing(people.Guest))
	return nil
}

func grantText(grants []planner.Grant) string {
	var out []string
	for _, g := range grants {
		out = append(out, string(g.Role)+" of "+g.Region)
	}
	return strings.Join(out, ", ")
}

func stateText(a *planner.Account) string {
	switch {
	case a.Disabled:
		return " (disabled)"
	case !a.HasPassword:
		return " (no password)"
	case a.Sessions > 0:
		return fmt.Sprintf(" (%d sessions open)", a.Sessions)
	}
	return ""
}

func (u *userCommand) sessions(ctx context.Context, env environment, o *opened) error {
	if _, _, err := o.Account(ctx, u.login); err != nil {
		return err
	}
	sessions, err := o.Sessions(ctx, u.login)
	if err != nil {
		return err
	}
	for _, s := range sessions {
		fmt.Fprintf(env.stdout, "since %s  used %s  until %s  %s\n",
			s.Created.Format(time.RFC3339), s.Seen.Format(time.RFC3339), s.Expires.Format(time.RFC3339), s.Agent)
	}
	return nil
}

// passwordLimit is how much of standard input is read for a password.
const passwordLimit = 2048

// readPassword asks on a terminal, twice and without showing it; else it takes standard input but for a line end.
func readPassword(env environment, login string) (string, error) {
	file, isFile := env.stdin.(*os.File)
	if isFile {
		if info, err := file.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			return askPassword(env, file, login)
		}
	}
	if env.stdin == nil {
		return "", usagef("the password is read from standard input, and there is none")
	}
	text, err := io.ReadAll(io.LimitReader(env.stdin, passwordLimit))
	if err != nil {
		return "", fmt.Errorf("reading the password from standard input: %w", err)
	}
	return strings.TrimSuffix(strings.TrimSuffix(string(text), "\n"), "\r"), nil
}

func askPassword(env environment, terminal *os.File, login string) (string, error) {
	echo := func(mode string) error {
		stty := exec.Command("stty", mode)
		stty.Stdin = terminal
		return stty.Run()
	}
	if err := echo("-echo"); err != nil {
		return "", fmt.Errorf("the terminal cannot hide a password (stty: %w); give it on standard input", err)
	}
	defer func() { _ = echo("echo") }() // it could be hidden, so it can be shown
	var typed [2]string
	for i, words := range []string{"password of " + login + ": ", "again: "} {
		fmt.Fprint(env.stderr, words)
		line, err := readLine(terminal)
		fmt.Fprintln(env.stderr)
		if err != nil {
			return "", fmt.Errorf("reading the password: %w", err)
		}
		typed[i] = line
	}
	if typed[0] != typed[1] {
		return "", planner.Errorf(planner.Invalid, "the two passwords are not the same; nothing was changed")
	}
	return typed[0], nil
}

// readLine reads up to the end of a line, byte by byte so that nothing of the next one is taken.
func readLine(r io.Reader) (string, error) {
	var line []byte
	for b := make([]byte, 1); len(line) < passwordLimit; {
		n, err := r.Read(b)
		if n == 1 && b[0] == '\n' {
			return strings.TrimSuffix(string(line), "\r"), nil
		}
		line = append(line, b[:n]...)
		if err != nil {
			return "", err
		}
	}
	return string(line), nil
}
